import type { DatabaseSync } from 'node:sqlite';
import { toWebhooks } from './rows.ts';
import type { WebhookRows } from './sync-database.ts';

const WEBHOOKS = 'SELECT WebhookId AS webhookId, Document AS document, Version AS version FROM Webhooks';

const ADD_WEBHOOK = `
  INSERT INTO Webhooks (WebhookId, UrlHash, Document, Version) VALUES (:webhookId, :urlHash, :document, 1)
  ON CONFLICT (UrlHash) DO NOTHING`;

const REPLACE_WEBHOOK = `
  UPDATE Webhooks SET Document = :document, Version = Version + 1
  WHERE WebhookId = :webhookId AND Version = :version`;

const DELETE_WEBHOOK = 'DELETE FROM Webhooks WHERE WebhookId = :webhookId';

/** The webhook subscriptions in the embedded write database. */
export function sqliteWebhooks(database: DatabaseSync): WebhookRows {
  const all = database.prepare(WEBHOOKS);
  const add = database.prepare(ADD_WEBHOOK);
  const replace = database.prepare(REPLACE_WEBHOOK);
  const remove = database.prepare(DELETE_WEBHOOK);
  return {
    read: async () => toWebhooks(all.all()),
    save: async ({ webhookId, document, version }, urlHash) => {
      const { changes } =
        version === 0 ? add.run({ webhookId, urlHash, document }) : replace.run({ webhookId, document, version });
      return Number(changes) === 1;
    },
    delete: async (webhookId) => Number(remove.run({ webhookId }).changes) === 1,
  };
}
