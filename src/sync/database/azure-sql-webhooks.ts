import { executeProcedure, type ProcedureParameters } from '../../shared/write-database/azure-sql/procedures.ts';
import type { SqlDatabase } from '../../shared/write-database/azure-sql/sql-database.ts';
import { toWebhooks } from './rows.ts';
import type { WebhookRows } from './sync-database.ts';

/**
 * The webhook subscriptions in Azure SQL or SQL Server. Changes are not retried after a lost connection: a second attempt could not tell
 * its own change from that of another request.
 * @param read runs a stored procedure that only reads, with retries
 */
export function azureSqlWebhooks(
  database: SqlDatabase,
  read: (procedure: string, parameters: ProcedureParameters) => Promise<readonly unknown[]>,
): WebhookRows {
  return {
    read: async () => {
      const [rows] = await read('ReadWebhooks', {});
      return toWebhooks(rows);
    },
    save: async ({ webhookId, document, version }, urlHash) => {
      const parameters = { WebhookId: webhookId, UrlHash: urlHash, Document: document, ExpectedVersion: version };
      const [rows] = await executeProcedure(database, 'SaveWebhook', parameters);
      return rows?.[0]?.saved === 1;
    },
    delete: async (webhookId) => {
      const [rows] = await executeProcedure(database, 'DeleteWebhook', { WebhookId: webhookId });
      return rows?.[0]?.deleted === 1;
    },
  };
}
