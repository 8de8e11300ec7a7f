import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlaceOrder } from '../order.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE Orders (OrderId TEXT PRIMARY KEY, CustomerId TEXT NOT NULL, Status TEXT NOT NULL, ShippingAddress TEXT NOT NULL,
    CreatedAt TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE OrderItems (OrderId TEXT NOT NULL REFERENCES Orders, Line INTEGER NOT NULL, ProductId TEXT NOT NULL,
    Quantity INTEGER NOT NULL, Price REAL NOT NULL, PRIMARY KEY (OrderId, Line)) STRICT, WITHOUT ROWID`;

export interface WriteStore {
  insert(order: PlaceOrder): Promise<void>;
  count(): number;
  close(): void;
}

/** A statement for the order, one for each line, and the commit: each is a round trip to a server. */
const roundTrips = ({ items }: PlaceOrder): number => 1 + items.length + 1;

/**
 * Writes the order and its lines in a transaction, as the reference documents do.
 * @param latencyMs of each round trip to the server that the file stands for. SQLite has none, so the call waits first.
 * @param connections how many orders can be written at the same time: a connection runs one transaction at a time
 */
export function openWriteStore(file: string, latencyMs: number, connections: number): WriteStore {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const insertOrder = database.prepare('INSERT INTO Orders VALUES (?, ?, ?, ?, ?)');
  const insertItem = database.prepare('INSERT INTO OrderItems VALUES (?, ?, ?, ?, ?)');
  const count = database.prepare('SELECT count(*) AS found FROM Orders');
  const write = (order: PlaceOrder) => {
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
      if (latencyMs === 0) return write(order);
      return withConnection(async () => {
        for (let trip = 0; trip < roundTrips(order); trip++) await sleep(latencyMs);
        write(order);
      });
    },
    count: () => Number(count.get()?.found),
    close: () => database.close(),
  };
}

/** Runs as much at the same time as there are connections. The rest waits its turn. */
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
