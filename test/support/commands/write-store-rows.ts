import { DatabaseSync } from 'node:sqlite';

/** Every table of the write model, in an order in which rows can be deleted. */
export const TABLES = [
  'UnconfirmedOrders',
  'OrderItems',
  'Orders',
  'Events',
  'EventArchive',
  'Commands',
  'Customers',
  'Products',
  'CustomerKeys',
  'RetiredCustomerKeys',
] as const;

/** Number of rows per table in the file of a write store. Equal counts before and after mean that nothing was written. */
export function countRows(file: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    TABLES.map((table) => [table, query(file, `SELECT count(*) AS count FROM ${table}`)[0]?.count]),
  );
}

/** Rows of a query on the file of a write store, which may be in use. */
export function query(file: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 30_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
