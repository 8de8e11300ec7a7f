import { decrypt, encrypt } from '../../shared/personal-data/cipher.ts';
import { newDataKey, rewrapDataKey, unlessDamaged, unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { type StoredSecret, secretsInUse, type Webhook } from './webhook.ts';

/** How long (ms) messages are signed with both secrets after a change: a day, in which the partner can switch to the new one. */
export const OVERLAP_MS = 24 * 3_600_000;

/** What the encryption of secrets needs. */
export interface SecretServices {
  readonly masterKey: MasterKey;
  readonly runtime: Pick<Runtime, 'now' | 'randomBytes'>;
}

/** Binds a ciphertext to its subscription, so that it cannot be moved to another one. */
const contextOf = (webhookId: string) => `webhook-secret ${webhookId}`;

/** Encrypts a secret with a new data key. Throws when the master key cannot be read. */
export async function encryptSecret(
  secret: string,
  webhookId: string,
  { masterKey, runtime }: SecretServices,
): Promise<StoredSecret> {
  const wrapped = await newDataKey(masterKey, runtime);
  const { key } = await unwrapDataKey(wrapped, masterKey);
  return { ...wrapped, ciphertext: encrypt(secret, key, contextOf(webhookId), runtime), validUntil: null };
}

/** Decrypts a secret. Throws DamagedKey, and errors of reading the master key. */
async function decryptSecret(stored: StoredSecret, webhookId: string, masterKey: MasterKey): Promise<string> {
  const { key } = await unwrapDataKey(stored, masterKey);
  return decrypt(stored.ciphertext, key, contextOf(webhookId));
}

/** The secrets that sign a subscription's messages now, the current one first. Throws like `decryptSecret`. */
export function decryptSecrets(webhook: Webhook, { masterKey, runtime }: SecretServices): Promise<readonly string[]> {
  const inUse = secretsInUse(webhook, runtime.now());
  return Promise.all(inUse.map((stored) => decryptSecret(stored, webhook.webhookId, masterKey)));
}

/**
 * The secrets of a subscription after its secret was set: the new one, and the current one for another day. The one before it is
 * dropped, so there are never more than two. Setting the current secret again changes nothing.
 */
export async function changedSecrets(
  webhook: Webhook,
  secret: string,
  services: SecretServices,
): Promise<readonly StoredSecret[]> {
  const [current] = webhook.secrets;
  // A secret whose key is damaged signs nothing any more: it is replaced at once.
  const known = current && (await decryptSecret(current, webhook.webhookId, services.masterKey).catch(unlessDamaged));
  if (known === secret) return webhook.secrets;
  const added = await encryptSecret(secret, webhook.webhookId, services);
  if (current === undefined || known === undefined) return [added];
  const validUntil = new Date(services.runtime.now() + OVERLAP_MS).toISOString();
  return [added, { ...current, validUntil }];
}

/**
 * The secrets of a subscription under the newest version of the master key, without those that are no longer used. Throws like
 * `decryptSecret`.
 * @param newest the name of that version
 */
export async function rewrappedSecrets(
  webhook: Webhook,
  newest: string,
  { masterKey, runtime }: SecretServices,
): Promise<readonly StoredSecret[]> {
  return Promise.all(
    secretsInUse(webhook, runtime.now()).map((stored) =>
      stored.masterKeyVersion === newest ? stored : rewrapDataKey(stored, masterKey),
    ),
  );
}
