import type { Webhook } from '../../../src/sync/webhooks/webhook.ts';
import type { WebhookStore } from '../../../src/sync/webhooks/webhook-store.ts';

/** Subscriptions in memory. */
export function memoryWebhooks(...stored: readonly Webhook[]): WebhookStore {
  const webhooks = new Map(stored.map((webhook) => [webhook.webhookId, webhook]));
  return {
    all: async () => [...webhooks.values()],
    save: async (webhook) => {
      if ((webhooks.get(webhook.webhookId)?.version ?? 0) !== webhook.version) return undefined;
      const saved = { ...webhook, version: webhook.version + 1 };
      webhooks.set(webhook.webhookId, saved);
      return saved;
    },
    delete: async (webhookId) => webhooks.delete(webhookId),
  };
}
