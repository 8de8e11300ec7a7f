import * as z from 'zod';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';

/** A document of a read model, of which only the type matters here. */
const typed = z.object({ type: z.string().optional() });
const typeOf = (document: unknown) => typed.parse(document).type;

/**
 * Every store of customer data. The export has all of them; a test fails for a table, container or hub that is neither here nor in
 * `WITHOUT_CUSTOMER_DATA`.
 */
export const EXPORTED_TABLES = [
  'Customers',
  'ErasureRequests',
  'CustomerKeys',
  'RetiredCustomerKeys',
  'Orders',
  'LastLines',
  'UnconfirmedOrders',
  'OrderItems',
  'Events',
  'Commands',
  'RefusedEvents',
] as const;

/** The containers of read models, and which documents that a customer's events change belong to the customer. A sum over all customers does not. */
export const EXPORTED_DOCUMENTS: Readonly<Record<string, (document: unknown) => boolean>> = {
  order_pages: () => true,
  customer_orders: () => true,
  searchable_orders: () => true,
  shipments: () => true,
  sales_daily: (document) => typeOf(document) !== 'total',
  sales_live: (document) => typeOf(document) !== 'windows',
  catalogue: (document) => typeOf(document) === 'stock',
};

/** The stores that the export has. Tables have the same names in both databases. */
export const EXPORTED_STORES: readonly string[] = [
  ...EXPORTED_TABLES,
  ...Object.keys(EXPORTED_DOCUMENTS),
  DEAD_LETTERS.name,
];

/** The stores without data of customers, or with nothing but copies of exported data, and why. */
export const WITHOUT_CUSTOMER_DATA: Readonly<Record<string, string>> = {
  Products: 'the catalogue',
  DiscontinuedProducts: 'the catalogue',
  SyncLags: 'measurements of the read models',
  SyncStalls: 'faults of the read models',
  Heartbeat: 'a measurement of the replica',
  AppliedScripts: 'the versions of the schema',
  replays: 'requests and progress of replays',
  Webhooks: 'the subscriptions of partners',
  search_indexes:
    'names of indexes in Azure AI Search, which have copies of searchable_orders and customer_orders, and ids of records that they lack',
  webhook_deliveries: 'copies of Events without personal data, until partners have received them',
  app_figures: 'counts and durations of the apps',
  'order-events': 'copies of Events: in the hub until they expire, and in the data lake',
  'order-events-replay': 'copies of Events during a replay',
  tables: 'orders, lines and credit limits, copied from Events without personal data, in the data lake',
  commands: 'the code of the command app',
  sync: 'the code of the sync app',
  queries: 'the code of the query app',
};
