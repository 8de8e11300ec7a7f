import type { WebhookRows } from '../database/sync-database.ts';
import { urlHashOf, type Webhook, webhookDocument } from './webhook.ts';

/** The subscriptions of partners. Methods reject with the faults of the database. */
export interface WebhookStore {
  all(): Promise<readonly Webhook[]>;
  /**
   * Stores a subscription, in place of the version that it has. Returns it in its new version; undefined if it has changed
   * meanwhile, or if another one has its URL.
   */
  save(webhook: Webhook): Promise<Webhook | undefined>;
  /** Returns false if there is no such subscription. */
  delete(webhookId: string): Promise<boolean>;
}

/** The subscriptions in the write database. */
export function webhookStore(rows: () => Promise<WebhookRows>): WebhookStore {
  return {
    all: async () => {
      const stored = await (await rows()).read();
      return stored.map(({ webhookId, document, version }) => ({
        webhookId,
        version,
        ...webhookDocument.parse(JSON.parse(document)),
      }));
    },
    save: async ({ webhookId, version, ...content }) => {
      const row = { webhookId, document: JSON.stringify(content), version };
      const saved = await (await rows()).save(row, urlHashOf(content.url));
      return saved ? { webhookId, version: version + 1, ...content } : undefined;
    },
    delete: async (webhookId) => (await rows()).delete(webhookId),
  };
}
