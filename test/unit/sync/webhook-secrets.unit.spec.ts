import { describe, expect, it } from 'vitest';
import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import { readableMasterKey } from '../../../src/shared/personal-data/readable-master-key.ts';
import { rotateWebhookKeys } from '../../../src/sync/webhooks/rotate-keys-timer.ts';
import { changedSecrets, decryptSecrets, encryptSecret, OVERLAP_MS } from '../../../src/sync/webhooks/secrets.ts';
import { toWebhookResponse, type Webhook } from '../../../src/sync/webhooks/webhook.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';
import { memoryWebhooks } from '../../support/webhooks/webhooks.ts';

const OLD = 'whsec_dGhlIG9sZCBzZWNyZXQgb2YgYSBwYXJ0bmVy';
const NEW = 'whsec_dGhlIG5ldyBzZWNyZXQgb2YgYSBwYXJ0bmVy';
const NEWEST = 'whsec_dGhlIG5ld2VzdCBzZWNyZXQgb2YgYSBwYXJ0bmVy';

/** A master key whose newest version can be changed. */
function masterKeyIn(version: () => string): MasterKey {
  const key = (name: string) => ({ version: name, key: Buffer.alloc(32, name) });
  return readableMasterKey({
    newest: async () => key(version()),
    refresh: async () => key(version()),
    version: async (name) => key(name),
  });
}

async function subscription(secret: string) {
  const runtime = simulatedRuntime();
  const master = { version: 'v1' };
  const services = { masterKey: masterKeyIn(() => master.version), runtime };
  const webhook: Webhook = {
    webhookId: 'w1',
    version: 1,
    url: 'https://partner.example/',
    eventTypes: ['OrderPlaced'],
    secrets: [await encryptSecret(secret, 'w1', services)],
    replay: null,
    createdAt: '2026-01-15T10:30:00.000Z',
    updatedAt: '2026-01-15T10:30:00.000Z',
  };
  const change = async (to: Webhook, other: string) => ({ ...to, secrets: await changedSecrets(to, other, services) });
  return { runtime, master, services, webhook, change };
}

describe('the secret of a webhook', () => {
  it('is stored encrypted, is not in responses, and can be decrypted', async () => {
    const { webhook, services } = await subscription(OLD);
    const texts = [OLD, Buffer.from(OLD.slice(6), 'base64').toString()];
    for (const text of texts) expect(JSON.stringify(webhook)).not.toContain(text);
    expect(JSON.stringify(toWebhookResponse(webhook, 0))).not.toMatch(/secret|ciphertext|wrappedKey/i);
    expect(await decryptSecrets(webhook, services)).toEqual([OLD]);
  });

  it('does not decrypt in another webhook', async () => {
    const { webhook, services } = await subscription(OLD);
    await expect(decryptSecrets({ ...webhook, webhookId: 'w2' }, services)).rejects.toThrow();
  });
});

describe('a change of the secret', () => {
  it('keeps the previous one for a day, the new one first', async () => {
    const { runtime, webhook, services, change } = await subscription(OLD);
    const changed = await change(webhook, NEW);
    expect(await decryptSecrets(changed, services)).toEqual([NEW, OLD]);
    expect(toWebhookResponse(changed, runtime.now()).previousSecretUntil).toBe('2026-01-16T10:30:00.000Z');

    await runtime.pass(OVERLAP_MS);
    expect(await decryptSecrets(changed, services)).toEqual([NEW]);
    expect(toWebhookResponse(changed, runtime.now())).not.toHaveProperty('previousSecretUntil');
  });

  it('to the current secret changes nothing', async () => {
    const { webhook, change } = await subscription(OLD);
    const changed = await change(webhook, NEW);
    expect(await change(changed, NEW)).toEqual(changed);
  });

  it('while another one is under way drops the oldest secret', async () => {
    const { webhook, services, change } = await subscription(OLD);
    const twice = await change(await change(webhook, NEW), NEWEST);
    expect(await decryptSecrets(twice, services)).toEqual([NEWEST, NEW]);
    expect(twice.secrets).toHaveLength(2);
  });

  it('replaces a secret that cannot be decrypted at once', async () => {
    const { webhook, services, change } = await subscription(OLD);
    const damaged = webhook.secrets.map((secret) => ({ ...secret, wrappedKey: Buffer.alloc(40).toString('base64') }));
    const changed = await change({ ...webhook, secrets: damaged }, NEW);
    expect(await decryptSecrets(changed, services)).toEqual([NEW]);
  });
});

describe('a rotation of the master key', () => {
  it('rewraps the keys of secrets, and removes secrets that expired', async () => {
    const { runtime, master, webhook, services, change } = await subscription(OLD);
    const webhooks = memoryWebhooks(await change(webhook, NEW));
    await runtime.pass(OVERLAP_MS);
    master.version = 'v2';
    expect(await rotateWebhookKeys(webhooks, services)).toEqual([]);

    const [rotated] = await webhooks.all();
    if (rotated === undefined) throw new Error('The webhook is gone.');
    expect(rotated.secrets.map(({ masterKeyVersion }) => masterKeyVersion)).toEqual(['v2']);
    expect(await decryptSecrets(rotated, services)).toEqual([NEW]);
  });

  it('changes nothing under the newest version, and reports secrets that are damaged', async () => {
    const { webhook, services } = await subscription(OLD);
    const damaged = webhook.secrets.map((secret) => ({ ...secret, masterKeyVersion: 'v0' }));
    const webhooks = memoryWebhooks(webhook, {
      ...webhook,
      webhookId: 'w2',
      url: 'https://b.example/',
      secrets: damaged,
    });
    expect(await rotateWebhookKeys(webhooks, services)).toEqual(['w2']);
    expect((await webhooks.all())[0]).toEqual(webhook);
  });
});
