/** Emmett on PostgreSQL: the read model in the transaction of the events. Argument: the connection string. */
import { projections, type ReadEvent } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore, pongoSingleStreamProjection } from '@event-driven-io/emmett-postgresql';
import { pongoClient } from '@event-driven-io/pongo';
import pg from 'pg';
import { serve } from './api.ts';
import { type OrderPlaced, orderDocument } from './order.ts';

const [connectionString = ''] = process.argv.slice(2);
const COLLECTION = 'orders';

type OrderDocument = ReturnType<typeof orderDocument>;

const orders = pongoSingleStreamProjection<OrderDocument, OrderPlaced>({
  collectionName: COLLECTION,
  canHandle: ['OrderPlaced'],
  getDocumentId: ({ data }) => data.orderId,
  evolve: (_document: OrderDocument | null, event: ReadEvent<OrderPlaced>) => orderDocument(event),
});

const eventStore = getPostgreSQLEventStore(connectionString, { projections: projections.inline([orders]) });
await eventStore.schema.migrate();
const pongo = pongoClient(connectionString);
const documents = pongo.db().collection<OrderDocument>(COLLECTION);
const pool = new pg.Pool({ connectionString, max: 1 });

const countOf = async (table: string): Promise<number> => {
  const { rows } = await pool.query<{ readonly found: string }>(`SELECT count(*) AS found FROM ${table}`);
  return Number(rows[0]?.found);
};

await serve({
  eventStore,
  schedule: (work) => work(),
  find: async (orderId) => {
    const found = await documents.findOne({ _id: orderId });
    return found && { ...found, _version: Number(found._version) };
  },
  count: async () => ({ stored: await countOf('emt_messages'), projected: await countOf(COLLECTION) }),
  close: async () => {
    await pool.end();
    await pongo.close();
    await eventStore.close();
  },
});
