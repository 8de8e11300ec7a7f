/** A container of the read database: its name, and the path of its partition key. */
export interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** The container of a read model, with the consumer group that feeds it. The group has the read model's name, with hyphens. */
export interface ReadModelContainer extends Container {
  /** The read model's name in the API, in metrics and in dead letters. */
  readonly readModel: string;
  readonly consumerGroup: string;
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

/** One document per placed order: its searchable fields. */
export const ORDER_SEARCH = {
  name: 'order_search',
  partitionKey: '/id',
  readModel: 'order_search',
  consumerGroup: 'order-search',
} as const satisfies ReadModelContainer;

/** One document per confirmed order, for the warehouse. */
export const SHIPPING_BOARD = {
  name: 'shipping_board',
  partitionKey: '/id',
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
