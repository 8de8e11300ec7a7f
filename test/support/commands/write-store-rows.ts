import { DatabaseSync } from 'node:sqlite';

/** Every table of the write model, in an order in which their rows may be deleted. */
export const TABLES = ['OrderItems', 'Orders', 'Events', 'Commands', 'Customers', 'Products', 'CustomerKeys'] as const;

/** Rows per table of a write store's file: equal before and after means nothing was written. */
export function countRows(file: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    TABLES.map((table) => [table, query(file, `SELECT count(*) AS count FROM ${table}`)[0]?.count]),
  );
}

/** Rows of a query on a write store's file, which may be in use. */
export function query(file: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
