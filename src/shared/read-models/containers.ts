/** A container of the read database. */
export interface Container {
  readonly name: string;
  /** The path of its partition key; several for a hierarchical one. */
  readonly partitionKey: string | readonly string[];
  /** -1 where documents have a `ttl` of their own. Those with a time to live for all documents have it in the template in `infra`. */
  readonly defaultTtl?: -1;
}

/** The paths of a container's partition key. */
export function pathsOf({ partitionKey }: Pick<Container, 'partitionKey'>): readonly string[] {
  return typeof partitionKey === 'string' ? [partitionKey] : partitionKey;
}

/** The container of a read model, with the consumer group that feeds it. The group has the read model's name, with hyphens. */
export interface ReadModelContainer extends Container {
  /** The read model's name in the API, in metrics and in dead letters. */
  readonly readModel: string;
  readonly consumerGroup: string;
  /** The first values of a hierarchical partition key, the same for all documents. */
  readonly keyPrefix?: readonly string[];
}

/** Per order: the order page, and a document for each entry of its history. */
export const ORDER_DETAILS = {
  name: 'order_pages',
  partitionKey: '/partition',
  readModel: 'order_details',
  consumerGroup: 'order-details',
} as const satisfies ReadModelContainer;

/** Per customer: an entry for each order, and the customer's summary with their contact details and credit. */
export const CUSTOMER_ORDERS = {
  name: 'customer_orders',
  partitionKey: '/customerId',
  readModel: 'customer_orders',
  consumerGroup: 'customer-orders',
} as const satisfies ReadModelContainer;

/** One document per placed order: its searchable fields. The orders of a customer are in one logical partition. */
export const ORDER_SEARCH = {
  name: 'searchable_orders',
  partitionKey: '/customerId',
  readModel: 'order_search',
  consumerGroup: 'order-search',
} as const satisfies ReadModelContainer;

/** The only value of the property `board`. Lists filter by it, so that they find the physical partitions that have the board. */
export const BOARD = 'all';

/**
 * One document per confirmed order, for the warehouse, until some time after the delivery. The shipments of a customer are in one logical
 * partition, and all of them in as few physical partitions as they need.
 */
export const SHIPPING_BOARD = {
  name: 'shipments',
  partitionKey: ['/board', '/customerId'],
  keyPrefix: [BOARD],
  defaultTtl: -1,
  readModel: 'shipping_board',
  consumerGroup: 'shipping-board',
} as const satisfies ReadModelContainer;

/** Totals per day and currency, in several logical partitions, with records of the counted orders and customers. */
export const SALES_DAILY = {
  name: 'sales_daily',
  partitionKey: '/bucket',
  readModel: 'sales_daily',
  consumerGroup: 'sales-daily',
} as const satisfies ReadModelContainer;

/** Totals per minute and currency of the last day, a document for each part of an hour, with records of the counted orders. */
export const SALES_LIVE = {
  name: 'sales_live',
  partitionKey: '/bucket',
  readModel: 'sales_live',
  consumerGroup: 'sales-live',
} as const satisfies ReadModelContainer;

/** Per product: the catalogue's document, and an entry for each order and event that changed its stock. */
export const CATALOGUE = {
  name: 'catalogue',
  partitionKey: '/productId',
  readModel: 'catalogue',
  consumerGroup: 'catalogue',
} as const satisfies ReadModelContainer;

/** The containers of all read models. */
export const READ_MODEL_CONTAINERS = [
  ORDER_DETAILS,
  CUSTOMER_ORDERS,
  ORDER_SEARCH,
  SHIPPING_BOARD,
  SALES_DAILY,
  SALES_LIVE,
  CATALOGUE,
] as const;

/** Events that a projection could not handle. */
export const DEAD_LETTERS: Container = { name: 'dead_letters', partitionKey: '/readModel' };

/** Replays of the event log: requests and progress. */
export const REPLAYS: Container = { name: 'replays', partitionKey: '/id' };

/** The messages for partners, pending and delivered: the queue of the webhooks. */
export const WEBHOOK_DELIVERIES: Container = { name: 'webhook_deliveries', partitionKey: '/webhookId' };

/** What each instance of an app has counted and measured in the last minutes. */
export const APP_FIGURES: Container = { name: 'app_figures', partitionKey: '/app' };

/** Per searchable list: the names of its indexes in Azure AI Search, and the records that an index lacks. Empty without that service. */
export const SEARCH_INDEXES: Container = { name: 'search_indexes', partitionKey: '/list' };

/** All containers of the read database. */
export const CONTAINERS: readonly Container[] = [
  ...READ_MODEL_CONTAINERS,
  DEAD_LETTERS,
  REPLAYS,
  WEBHOOK_DELIVERIES,
  APP_FIGURES,
  SEARCH_INDEXES,
];
