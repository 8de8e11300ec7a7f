import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE Orders (OrderId TEXT PRIMARY KEY, CustomerId TEXT NOT NULL, Status TEXT NOT NULL, ShippingAddress TEXT NOT NULL,
    CreatedAt TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE OrderItems (OrderId TEXT NOT NULL REFERENCES Orders, Line INTEGER NOT NULL, ProductId TEXT NOT NULL,
    Quantity INTEGER NOT NULL, Price REAL NOT NULL, PRIMARY KEY (OrderId, Line)) STRICT, WITHOUT ROWID`;

/** An order as a client sends it. */
export interface NaiveOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number; readonly price: number }[];
  readonly shippingAddress: object;
}

/** The database of the naive way: two tables, no rules. */
export interface NaiveWriteStore {
  /** Resolves when the order is committed. */
  insert(order: NaiveOrder): Promise<void>;
  /** The number of orders. */
  count(): number;
  close(): void;
}

/** Round trips to a database server: a statement for the order, one for each line, and the commit. */
const roundTrips = ({ items }: NaiveOrder): number => 1 + items.length + 1;

/**
 * Opens a database that inserts the order and its lines one by one in a transaction, as many tutorials do.
 * @param file SQLite file
 * @param roundTripMs duration of a round trip to a database server in milliseconds. All of them pass before the file is used, because a
 *   file has one transaction at a time.
 * @param connections maximum number of concurrent transactions when round trips take time
 */
export function openNaiveWriteStore(file: string, roundTripMs: number, connections: number): NaiveWriteStore {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const insertOrder = database.prepare('INSERT INTO Orders VALUES (?, ?, ?, ?, ?)');
  const insertItem = database.prepare('INSERT INTO OrderItems VALUES (?, ?, ?, ?, ?)');
  const count = database.prepare('SELECT count(*) AS found FROM Orders');
  const write = (order: NaiveOrder) => {
    const { orderId, customerId, items, shippingAddress } = order;
    database.exec('BEGIN IMMEDIATE');
    insertOrder.run(orderId, customerId, 'pending', JSON.stringify(shippingAddress), new Date().toISOString());
    items.forEach(({ productId, quantity, price }, index) => {
      insertItem.run(orderId, index + 1, productId, quantity, price);
    });
    database.exec('COMMIT');
  };
  const withConnection = limited(connections);
  return {
    insert: async (order) => {
      if (roundTripMs === 0) return write(order);
      return withConnection(async () => {
        for (let trip = 0; trip < roundTrips(order); trip++) await sleep(roundTripMs);
        write(order);
      });
    },
    count: () => Number(count.get()?.found),
    close: () => database.close(),
  };
}

/** Limits concurrent work to the number of connections. Further work waits for a free one. */
function limited(connections: number): (work: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let free = connections;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
