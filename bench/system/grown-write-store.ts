import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { inParallel, range } from '../measuring/drive.ts';
import { openShop, type Shop } from '../shop.ts';

/** Orders that commands place; all others are copies of their rows. */
const TEMPLATES = 500;
const LINES = 2;
const AT_ONCE = 16;
/** Of the templates, every so many are not confirmed. */
const UNCONFIRMED_EVERY = 10;

export interface GrownWriteStore {
  readonly shop: Shop;
  readonly store: SqliteWriteStore;
}

/**
 * Opens a write store that has this many orders, each with its own customer; most of them are confirmed, and all events are published.
 * Rows are copied with new ids. The events of the copies have no content but their time.
 * @param file `:memory:` for one that is in memory
 */
export async function openGrownWriteStore(file: string, orders: number): Promise<GrownWriteStore> {
  const { database } = await openDatabase(file, systemRuntime);
  database.exec('PRAGMA synchronous = OFF');
  const store = new SqliteWriteStore(database, systemRuntime);
  const templates = Math.min(TEMPLATES, orders);
  const shop = await openShop(store, 'grown');
  await inParallel(range(templates), AT_ONCE, (number) => fillOne(shop, number));
  database.exec('UPDATE Events SET PublishedAt = RecordedAt');
  const copies = Math.round(orders / templates) - 1;
  if (copies > 0) copyRows(database, copies);
  database.exec('PRAGMA synchronous = FULL; ANALYZE;');
  return { store, shop };
}

async function fillOne(shop: Shop, number: number): Promise<void> {
  const order = await shop.newOrder(LINES);
  await shop.send(order);
  if (number % UNCONFIRMED_EVERY !== 0) await shop.send({ type: 'ConfirmOrder', on: order.on });
}

/** Columns with ids, of which each copy has its own. */
const IDS: ReadonlySet<string> = new Set(['OrderId', 'CustomerId', 'AggregateId', 'EventId', 'CommandId']);
/** In the order of their foreign keys. A trigger fills the table of unconfirmed orders. */
const TABLES = ['Customers', 'CustomerKeys', 'Events', 'Orders', 'OrderItems', 'Commands'];
/** Copies of all rows that are written in a transaction. */
const COPIES_AT_ONCE = 50;

function copyRows(database: DatabaseSync, copies: number): void {
  const statements = TABLES.map((table) => copyStatement(database, table));
  for (let first = 1; first <= copies; first += COPIES_AT_ONCE) {
    const last = Math.min(first + COPIES_AT_ONCE - 1, copies);
    database.exec('BEGIN');
    for (const statement of statements) statement.run({ first, last });
    database.exec('COMMIT');
  }
}

/** Copies what the table has now, with ids that end in `#` and the number of the copy. Products have no copies. */
function copyStatement(database: DatabaseSync, table: string): StatementSync {
  const info = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
  const columns = info.map(({ name }) => String(name));
  const values = columns.map((column) => {
    if (IDS.has(column)) return `${column} || '#' || copy`;
    return column === 'Body' ? "json_object('timestamp', Body ->> 'timestamp')" : column;
  });
  const all = columns.includes('AggregateType') ? "AggregateType <> 'Product'" : 'TRUE';
  database.exec(`CREATE TEMP TABLE Template${table} AS SELECT * FROM ${table} WHERE ${all}`);
  return database.prepare(`
    WITH RECURSIVE copies (copy) AS (SELECT :first UNION ALL SELECT copy + 1 FROM copies WHERE copy < :last)
    INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM Template${table}, copies`);
}
