/** A container of the read database: its name, and the path of its partition key. */
export interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** One document per order: the order page. */
export const ORDER_DETAILS: Container = { name: 'order_details', partitionKey: '/id' };

/** Per customer: an entry for each order, and the customer's summary. */
export const CUSTOMER_ORDERS: Container = { name: 'customer_orders', partitionKey: '/customerId' };

/** One document per placed order: what it can be found by. */
export const ORDER_SEARCH: Container = { name: 'order_search', partitionKey: '/id' };

/** One document per confirmed order: what logistics must ship or follow. */
export const SHIPPING_BOARD: Container = { name: 'shipping_board', partitionKey: '/id' };

/** Per day and currency, in several logical partitions: totals, and the proofs of what was counted. */
export const SALES_DAILY: Container = { name: 'sales_daily', partitionKey: '/bucket' };

/** Events that a projection could not handle, kept until someone has looked at them. */
export const DEAD_LETTERS: Container = { name: 'dead_letters', partitionKey: '/readModel' };

/** Replays of the event log: what was asked for, and how far each has come. */
export const REPLAYS: Container = { name: 'replays', partitionKey: '/id' };

/** Everything in the read database. */
export const CONTAINERS: readonly Container[] = [
  ORDER_DETAILS,
  CUSTOMER_ORDERS,
  ORDER_SEARCH,
  SHIPPING_BOARD,
  SALES_DAILY,
  DEAD_LETTERS,
  REPLAYS,
];
