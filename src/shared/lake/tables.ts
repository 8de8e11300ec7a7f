/**
 * The tables of the lake. Each has one row per key: the newest state that a captured event carries. Amounts are decimals in the currency's
 * major unit (29.99 USD), and times are in UTC. There is no personal data: no name, contact, address or shipment of anybody.
 */

/** The types of columns, with their names in Delta's schema. */
export const COLUMN_TYPES = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  decimal: 'decimal(20,4)',
  timestamp: 'timestamp',
  date: 'date',
} as const;
export type ColumnType = keyof typeof COLUMN_TYPES;

/** Digits after the point of a decimal: as many as the currency with the most of them (ISO 4217) has. */
export const DECIMAL_SCALE = 4;
export const DECIMAL_PRECISION = 20;

export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The columns that identify a row. */
  readonly key: readonly string[];
  /** The aggregate whose rows are replaced together: all lines of an order, for example. */
  readonly aggregate: string;
}

const changed = { version: 'integer', updated_at: 'timestamp' } as const;

/** Orders from their submission on. A draft is not in the lake. */
export const ORDERS = {
  name: 'orders',
  columns: {
    order_id: 'string',
    customer_id: 'string',
    status: 'string',
    currency: 'string',
    total_amount: 'decimal',
    item_count: 'integer',
    placed_on: 'date',
    placed_at: 'timestamp',
    confirmed_at: 'timestamp',
    ship_by: 'timestamp',
    shipped_at: 'timestamp',
    delivered_at: 'timestamp',
    ...changed,
  },
  key: ['order_id'],
  aggregate: 'order_id',
} as const satisfies Table;

/** The lines of these orders. */
export const ORDER_ITEMS = {
  name: 'order_items',
  columns: {
    order_id: 'string',
    line: 'integer',
    product_id: 'string',
    product_name: 'string',
    quantity: 'integer',
    currency: 'string',
    price: 'decimal',
    line_total: 'decimal',
    placed_on: 'date',
    ...changed,
  },
  key: ['order_id', 'line'],
  aggregate: 'order_id',
} as const satisfies Table;

export const CUSTOMERS = {
  name: 'customers',
  columns: {
    customer_id: 'string',
    currency: 'string',
    credit_limit: 'decimal',
    is_erased: 'boolean',
    ...changed,
  },
  key: ['customer_id'],
  aggregate: 'customer_id',
} as const satisfies Table;

export const PRODUCTS = {
  name: 'products',
  columns: {
    product_id: 'string',
    product_name: 'string',
    currency: 'string',
    price: 'decimal',
    is_discontinued: 'boolean',
    ...changed,
  },
  key: ['product_id'],
  aggregate: 'product_id',
} as const satisfies Table;

/** Every table. `orders` is written last, because its log says which captured files the tables have. */
export const TABLES: readonly Table[] = [PRODUCTS, CUSTOMERS, ORDER_ITEMS, ORDERS];
