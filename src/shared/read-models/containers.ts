/** A container of the read database: its name, and the path of its partition key. */
export interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** The container of a read model, with the consumer group that feeds it. The group has the container's name, with hyphens. */
export interface ReadModelContainer extends Container {
  readonly consumerGroup: string;
}

/** One document per order, with its history. */
export const ORDER_DETAILS = {
  name: 'order_details',
  partitionKey: '/id',
  consumerGroup: 'order-details',
} as const satisfies ReadModelContainer;

/** Per customer: an entry for each order, and the customer's summary. */
export const CUSTOMER_ORDERS = {
  name: 'customer_orders',
  partitionKey: '/customerId',
  consumerGroup: 'customer-orders',
} as const satisfies ReadModelContainer;

/** One document per placed order: its searchable fields. */
export const ORDER_SEARCH = {
  name: 'order_search',
  partitionKey: '/id',
  consumerGroup: 'order-search',
} as const satisfies ReadModelContainer;

/** One document per confirmed order, for the warehouse. */
export const SHIPPING_BOARD = {
  name: 'shipping_board',
  partitionKey: '/id',
  consumerGroup: 'shipping-board',
} as const satisfies ReadModelContainer;

/** Totals per day and currency, in several logical partitions, with records of the counted orders and customers. */
export const SALES_DAILY = {
  name: 'sales_daily',
  partitionKey: '/bucket',
  consumerGroup: 'sales-daily',
} as const satisfies ReadModelContainer;

/** The containers of all read models. */
export const READ_MODEL_CONTAINERS = [
  ORDER_DETAILS,
  CUSTOMER_ORDERS,
  ORDER_SEARCH,
  SHIPPING_BOARD,
  SALES_DAILY,
] as const;

/** Events that a projection could not handle. */
export const DEAD_LETTERS: Container = { name: 'dead_letters', partitionKey: '/readModel' };

/** Replays of the event log: requests and progress. */
export const REPLAYS: Container = { name: 'replays', partitionKey: '/id' };

/** All containers of the read database. */
export const CONTAINERS: readonly Container[] = [...READ_MODEL_CONTAINERS, DEAD_LETTERS, REPLAYS];
