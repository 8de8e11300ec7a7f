/** A container of the read database: its name, and the path of its partition key. */
export interface Container {
  readonly name: string;
  readonly partitionKey: string;
}

/** One document per order, with its history. */
export const ORDER_DETAILS: Container = { name: 'order_details', partitionKey: '/id' };

/** Per customer: an entry for each order, and the customer's summary. */
export const CUSTOMER_ORDERS: Container = { name: 'customer_orders', partitionKey: '/customerId' };

/** One document per placed order: its searchable fields. */
export const ORDER_SEARCH: Container = { name: 'order_search', partitionKey: '/id' };

/** One document per confirmed order, for the warehouse. */
export const SHIPPING_BOARD: Container = { name: 'shipping_board', partitionKey: '/id' };

/** Totals per day and currency, in several logical partitions, with records of the counted orders and customers. */
export const SALES_DAILY: Container = { name: 'sales_daily', partitionKey: '/bucket' };

/** Events that a projection could not handle. */
export const DEAD_LETTERS: Container = { name: 'dead_letters', partitionKey: '/readModel' };

/** Replays of the event log: requests and progress. */
export const REPLAYS: Container = { name: 'replays', partitionKey: '/id' };

/** All containers of the read database. */
export const CONTAINERS: readonly Container[] = [
  ORDER_DETAILS,
  CUSTOMER_ORDERS,
  ORDER_SEARCH,
  SHIPPING_BOARD,
  SALES_DAILY,
  DEAD_LETTERS,
  REPLAYS,
];
