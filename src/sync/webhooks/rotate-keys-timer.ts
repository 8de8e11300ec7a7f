import { isDeepStrictEqual } from 'node:util';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { unlessDamaged } from '../../shared/personal-data/data-keys.ts';
import type { SyncApp } from '../app.ts';
import { rewrappedSecrets, type SecretServices } from './secrets.ts';
import type { WebhookStore } from './webhook-store.ts';

/** The timer that rewraps the keys of secrets under the newest version of the master key, and removes secrets that expired. */
export function rotateWebhookKeysTimer(app: SyncApp): TimerFunction {
  return {
    trigger: 'timer',
    name: 'rotateWebhookKeys',
    options: {
      schedule: app.config.keyRotation.schedule,
      handler: async (_timer, context) => {
        const damaged = await rotateWebhookKeys(app.webhooks, app);
        if (damaged.length > 0) context.error(`The secrets of these webhooks are damaged: ${damaged.join(', ')}.`);
      },
    },
  };
}

/**
 * Rewraps the keys of all secrets that are not under the newest version. A subscription that changes meanwhile is left for the next
 * call. Throws when the master key or the store is unavailable.
 * @returns the subscriptions whose keys cannot be unwrapped
 */
export async function rotateWebhookKeys(webhooks: WebhookStore, services: SecretServices): Promise<readonly string[]> {
  const newest = await services.masterKey.refresh();
  const damaged: string[] = [];
  for (const webhook of await webhooks.all()) {
    const secrets = await rewrappedSecrets(webhook, newest, services).catch(unlessDamaged);
    if (secrets === undefined) damaged.push(webhook.webhookId);
    else if (!isDeepStrictEqual(secrets, webhook.secrets)) await webhooks.save({ ...webhook, secrets });
  }
  return damaged;
}
