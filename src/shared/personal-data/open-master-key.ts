import { appCredential } from '../credential.ts';
import type { Clock } from '../runtime.ts';
import type { MasterKey } from './master-key.ts';
import { cachedMasterKey, fileMasterKey, readableMasterKey, type SecretReader } from './readable-master-key.ts';

/** Where the master key is: a file, or a secret in a key vault. */
export type MasterKeyLocation =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'keyVault';
      readonly vaultUrl: string;
      readonly secretName: string;
      readonly clientId: string | undefined;
    };

/** Few and short retries, because a command may be waiting for the vault. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };

/** Opens the master key. Nothing is read until it is needed. */
export function openMasterKey(location: MasterKeyLocation, clock: Pick<Clock, 'now'>): MasterKey {
  if (location.kind === 'file') return readableMasterKey(fileMasterKey(location.path));
  return readableMasterKey(cachedMasterKey(() => openVault(location), location.secretName, clock));
}

/** Loads the SDK on demand, because a cold start does not need it. */
async function openVault({
  vaultUrl,
  clientId,
}: Extract<MasterKeyLocation, { readonly kind: 'keyVault' }>): Promise<SecretReader> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(vaultUrl, appCredential(clientId), { retryOptions: RETRY_OPTIONS });
}
