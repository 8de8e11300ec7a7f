import { createDocument } from '../../local/cosmos-db/document-operations.ts';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { READ_DATABASE } from '../../local/read-database.ts';
import {
  CUSTOMER_ORDERS,
  ORDER_DETAILS,
  ORDER_SEARCH,
  SALES_DAILY,
  SHIPPING_BOARD,
} from '../../src/shared/read-models/containers.ts';
import { RECEIVED_AT } from '../../test/support/commands/command-bus.ts';
import { openProjections, orderEvents, type ReadSide } from '../read-side.ts';

/** Orders whose events are projected. The documents of all other orders are copies. */
const TEMPLATES = 100;
/** Confirmed orders among the templates. */
const CONFIRMED = 80;
/** Every tenth copy of an order has the same customer as the original. The others have customers of their own. */
const SAME_CUSTOMER_EVERY = 10;
const MINUTE_MS = 60_000;
/** The containers whose documents grow in number with the orders. */
const GROWING = [ORDER_DETAILS, CUSTOMER_ORDERS, ORDER_SEARCH, SHIPPING_BOARD, SALES_DAILY];

/** Read models with many orders. */
export interface GrownReadSide extends Pick<ReadSide, 'connectionString' | 'requests' | 'projections'> {
  close(): Promise<void>;
}

/** Opens read models with this many orders, one per minute, most of them confirmed. The stand-in is in this process. */
export async function openGrownReadSide(orders: number): Promise<GrownReadSide> {
  const cosmosDb = await startCosmosDb({ port: 0 });
  const { projections, close } = await openProjections(cosmosDb.connectionString);
  const { registered, placed, confirmed } = await orderEvents(TEMPLATES, 'grown');
  for (const [, project] of projections) {
    for (const events of [registered, placed, confirmed.slice(0, CONFIRMED)]) await project(events);
  }
  for (const { name } of GROWING) copyDocuments(cosmosDb, name, Math.round(orders / TEMPLATES) - 1);
  return {
    connectionString: cosmosDb.connectionString,
    requests: cosmosDb.requests,
    projections,
    close: async () => {
      close();
      await cosmosDb.close();
    },
  };
}

function copyDocuments(cosmosDb: CosmosDbServer, container: string, copies: number): void {
  const documents = cosmosDb.documents(READ_DATABASE, container);
  if (documents === undefined) throw new Error(`There is no container ${container}.`);
  const templates = [...documents.all()].map(({ value }) => JSON.stringify(withoutSystemProperties(value)));
  for (let copy = 1; copy <= copies; copy++) {
    const at = new Date(Date.parse(RECEIVED_AT) - copy * MINUTE_MS).toISOString();
    for (const template of templates) {
      const text = template
        .replaceAll(/grown-order-\d+/g, (id) => `${id}-${copy}`)
        .replaceAll(/grown-customer-\d+/g, (id) => (copy % SAME_CUSTOMER_EVERY === 0 ? id : `${id}-${copy}`))
        .replaceAll(RECEIVED_AT, at);
      const body: Readonly<Record<string, unknown>> = JSON.parse(text);
      const key = documents.partitionKeyPaths.map((path) => body[path.slice(1)]);
      // Fails for documents of a customer who is not copied, because they exist already.
      createDocument(documents.partition(JSON.stringify(key)), body);
    }
  }
}

function withoutSystemProperties(value: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('_')));
}
