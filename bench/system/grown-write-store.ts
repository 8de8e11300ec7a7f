import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { inParallel, range } from '../measuring/drive.ts';
import { openShop, type Shop } from '../shop.ts';

/** Orders that commands place. The rows of all other orders are copies. */
const TEMPLATES = 500;
const LINES = 2;
const AT_ONCE = 16;
/** Every tenth template is not confirmed. */
const UNCONFIRMED_EVERY = 10;

/** A write store with many orders. */
export interface GrownWriteStore {
  readonly shop: Shop;
  readonly store: SqliteWriteStore;
}

/**
 * Opens a write store with this many orders, each with its own customer. Most orders are confirmed, and all events are published.
 * The bodies of copied events contain only their time.
 * @param file path of the SQLite file, or `:memory:`
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

/** Columns whose ids are different in each copy. */
const IDS: ReadonlySet<string> = new Set(['OrderId', 'CustomerId', 'AggregateId', 'EventId', 'CommandId']);
/** In the order of their foreign keys. A trigger fills the table of unconfirmed orders. */
const TABLES = ['Customers', 'CustomerKeys', 'Events', 'Orders', 'OrderItems', 'Commands'];
/** Copies of all rows per transaction. */
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

/** Prepares a statement that copies the current rows of a table. The ids of a copy end in `#` and its number. Products are not copied. */
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
