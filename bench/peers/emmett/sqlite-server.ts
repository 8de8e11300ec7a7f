/** Emmett on SQLite: one process, one file, the read model in the transaction of the events. Argument: the file. */
import { inlineProjections } from '@event-driven-io/emmett';
import {
  getSQLiteEventStore,
  type SQLiteProjectionHandlerContext,
  type SQLiteReadEventMetadata,
  sqliteConnection,
  sqliteProjection,
} from '@event-driven-io/emmett-sqlite';
import { serve } from './api.ts';
import { type OrderPlaced, orderDocument } from './order.ts';

const [fileName = 'emmett.db'] = process.argv.slice(2);
const writer = sqliteConnection({ fileName });

const orders = sqliteProjection<OrderPlaced>({
  canHandle: ['OrderPlaced'],
  handle: async (events, { connection }) => {
    for (const event of events) {
      const { orderId } = event.data;
      const document = JSON.stringify(orderDocument(event));
      await connection.command('INSERT INTO orders (id, document) VALUES (?, ?)', [orderId, document]);
    }
  },
  init: async ({ context: { connection } }) => {
    await connection.command('CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, document TEXT NOT NULL)');
  },
});

const eventStore = getSQLiteEventStore({
  fileName,
  connectionOptions: { singleton: true, connection: writer },
  projections: inlineProjections<SQLiteReadEventMetadata, SQLiteProjectionHandlerContext>([orders]),
});
await eventStore.schema.migrate();
// Opening a connection sets the journal mode, which fails while another connection does the same. So this one is opened after the writer.
const reader = sqliteConnection({ fileName });

/** Transactions of one connection must not overlap: Emmett would treat the second as part of the first. */
let last: Promise<unknown> = Promise.resolve();
function oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
  const next = last.then(work);
  last = next.catch(() => undefined);
  return next;
}

const countOf = async (table: string): Promise<number> => {
  const row = await reader.querySingle<{ readonly found: number }>(`SELECT count(*) AS found FROM ${table}`);
  return row?.found ?? 0;
};

await serve({
  eventStore,
  schedule: oneByOne,
  find: async (orderId) => {
    const row = await reader.querySingle<{ readonly document: string }>('SELECT document FROM orders WHERE id = ?', [
      orderId,
    ]);
    return row ? JSON.parse(row.document) : null;
  },
  count: async () => ({ stored: await countOf('emt_messages'), projected: await countOf('orders') }),
  close: async () => {
    writer.close();
    reader.close();
  },
});
