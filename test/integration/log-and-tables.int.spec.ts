import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands as registered } from '../../src/commands/functions.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { LoadedRows, OutboxEvent } from '../../src/commands/write-store/write-store.ts';
import { decodeEvent } from '../../src/shared/events/decode.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import type { KeyOf } from '../../src/shared/personal-data/event-encryption.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { CUSTOMERS, commandSequences, GIVEN, ORDERS, PRODUCTS } from '../support/commands/random-commands.ts';
import { append, EMPTY_LOG, rowsOf, snapshotAfter } from '../support/events/fold-log.ts';
import { storedKeys } from '../support/events/personal-data.ts';

const SEQUENCES = 100;
/** Shrinking a failure ends before the test's own timeout (ms), which would show nothing. */
const SHRINKING_LIMIT = 20_000;

/** What a sequence of commands has left behind. */
interface Outcome {
  /** The stored log, in the order in which the events were published, which is that of the commits. */
  readonly log: readonly EventEnvelope[];
  readonly published: readonly EventEnvelope[];
  readonly rows: Required<Pick<LoadedRows, 'products'>> & {
    readonly orders: readonly LoadedRows['order'][];
    readonly customers: readonly LoadedRows['customer'][];
  };
  /** Commands that were refused: with which code, and how many rows were written meanwhile. */
  readonly refused: readonly { readonly command: SentCommand; readonly code: string; readonly written: number }[];
  readonly database: DatabaseSync;
}

/** Sends the commands one after the other, a second apart, to a new write store, and looks at what it holds then. */
async function send(commands: readonly SentCommand[], check: (outcome: Outcome) => void): Promise<void> {
  const { database } = await openDatabase(':memory:');
  const store = new SqliteWriteStore(database);
  const published: OutboxEvent[] = [];
  const bus = openCommandBus(store, (events) => void published.push(...events));
  const refused: Outcome['refused'][number][] = [];
  for (const [second, command] of [...GIVEN, ...commands].entries()) {
    const before = rowsWritten(database);
    const at = new Date(Date.UTC(2026, 0, 15, 10, 30, second)).toISOString();
    const code = await bus.dispatch(envelopeOf({ at, ...command })).then(() => undefined, codeOf);
    if (code !== undefined) refused.push({ command, code, written: rowsWritten(database) - before });
  }
  const keyOf = storedKeys(database);
  const opened = published.map(({ body }) => decoded(body, keyOf));
  check({
    log: await readLog(store, opened, keyOf),
    published: opened,
    rows: await readRows(store),
    refused,
    database,
  });
  await store.close();
}

function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  throw error;
}

/** Rows inserted, changed or deleted since the database was opened (https://sqlite.org/lang_corefunc.html#total_changes). */
function rowsWritten(database: DatabaseSync): number {
  return Number(database.prepare('SELECT total_changes() AS count').get()?.count);
}

async function readLog(
  store: SqliteWriteStore,
  published: readonly EventEnvelope[],
  keyOf: KeyOf,
): Promise<readonly EventEnvelope[]> {
  const place = new Map(published.map(({ eventId }, index) => [eventId, index]));
  const stored = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10_000 });
  return stored
    .map(({ body }) => decoded(body, keyOf))
    .sort((a, b) => (place.get(a.eventId) ?? -1) - (place.get(b.eventId) ?? -1));
}

function decoded(body: string, keyOf: KeyOf): EventEnvelope {
  const result = decodeEvent(body, keyOf);
  if (result.kind !== 'event') throw new Error(`The log holds what is ${result.kind}: ${body}`);
  return result.event;
}

async function readRows(store: SqliteWriteStore): Promise<Outcome['rows']> {
  const load = (ids: { readonly orderId?: string; readonly customerId?: string }) =>
    store.load({ commandId: 'none', productIds: PRODUCTS, ...ids });
  const orders = await Promise.all(ORDERS.map(async (orderId) => (await load({ orderId })).order));
  const customers = await Promise.all(CUSTOMERS.map(async (customerId) => (await load({ customerId })).customer));
  return { orders, customers, products: (await load({})).products };
}

/** Checks random sequences; of one that fails, the shortest that still does is shown. */
async function afterAnySequence(check: (outcome: Outcome) => void): Promise<void> {
  const property = fc.asyncProperty(commandSequences, (commands) => send(commands, check));
  await fc.assert(property, { numRuns: SEQUENCES, interruptAfterTimeLimit: SHRINKING_LIMIT });
}

/** Units that came in by the log, and where they are by the tables: on the shelf, or in an order that was not given up. */
const STOCK = `
  SELECT ProductId,
    (SELECT sum(coalesce(Body ->> '$.data.stock', Body ->> '$.data.delta', 0)) FROM Events
      WHERE AggregateType = 'Product' AND AggregateId = ProductId) AS cameIn,
    Available + (SELECT coalesce(sum(Quantity), 0) FROM OrderItems JOIN Orders USING (OrderId)
      WHERE OrderItems.ProductId = Products.ProductId AND Status NOT IN ('draft', 'cancelled')) AS accountedFor
  FROM Products`;

/** Credit that each customer uses, and the total of their orders on the way. */
const CREDIT = `
  SELECT CustomerId, CreditUsed AS used, CreditLimit AS creditLimit,
    (SELECT coalesce(sum(Total), 0) FROM Orders
      WHERE Orders.CustomerId = Customers.CustomerId AND Status IN ('submitted', 'confirmed', 'shipped')) AS onTheWay
  FROM Customers`;

const VERSIONS = `
  SELECT AggregateType, AggregateId, json_group_array(Version) AS versions FROM (SELECT * FROM Events ORDER BY Version)
  GROUP BY AggregateType, AggregateId`;

describe('after any sequence of commands', () => {
  it('folding the event log gives exactly the rows of the tables', async () => {
    await afterAnySequence(({ log, rows }) => expect(rows).toStrictEqual(rowsOf(log.reduce(append, EMPTY_LOG))));
  });

  it('every event carries its aggregate as the events up to it give it', async () => {
    await afterAnySequence(({ log }) => {
      let folded = EMPTY_LOG;
      for (const event of log) {
        folded = append(folded, event);
        const { order, customer, product }: Record<string, unknown> = { ...event };
        expect(order ?? customer ?? product).toEqual(snapshotAfter(folded, event));
      }
    });
  });

  it('the versions of each aggregate are 1, 2, … without a gap', async () => {
    await afterAnySequence(({ database }) => {
      for (const row of database.prepare(VERSIONS).all()) {
        const versions: readonly number[] = JSON.parse(String(row.versions));
        expect(versions).toEqual(versions.map((_, index) => index + 1));
      }
    });
  });

  it('what is stored was published, and every event has its accepted command', async () => {
    await afterAnySequence(({ log, published, database }) => {
      expect(log).toEqual(published);
      const commandIds = database.prepare('SELECT CommandId FROM Commands').all();
      expect(new Set(commandIds.map(({ CommandId }) => CommandId))).toEqual(
        new Set(log.map(({ causationId }) => causationId)),
      );
    });
  });

  it('a refused command has written nothing', async () => {
    await afterAnySequence(({ refused }) => expect(refused.filter(({ written }) => written > 0)).toEqual([]));
  });

  it('no unit is lost or made: what came in is available, or in an order that was not given up', async () => {
    await afterAnySequence(({ database }) => {
      for (const { cameIn, accountedFor } of database.prepare(STOCK).all()) expect(accountedFor).toBe(cameIn);
    });
  });

  it('a customer uses the credit of the orders on the way, within the limit', async () => {
    await afterAnySequence(({ database }) => {
      for (const { used, onTheWay, creditLimit } of database.prepare(CREDIT).all()) {
        expect(used).toBe(onTheWay);
        expect(Number(used)).toBeLessThanOrEqual(Number(creditLimit));
      }
    });
  });
});

describe('the random sequences', () => {
  it('reach every kind of command, accepted, and every rejection that a single client can meet', async () => {
    const seen = new Set<string>();
    await afterAnySequence(({ database, refused }) => {
      for (const { CommandType } of database.prepare('SELECT CommandType FROM Commands').all())
        seen.add(String(CommandType));
      for (const { code } of refused) seen.add(code);
    });
    expect([...registered.map(({ type }) => type), ...REJECTIONS].filter((name) => !seen.has(name))).toEqual([]);
  });
});

const REJECTIONS = [
  'validation-failed',
  'forbidden',
  'order-not-found',
  'customer-not-found',
  'product-not-found',
  'order-exists',
  'customer-exists',
  'product-exists',
  'invalid-transition',
  'currency-mismatch',
  'price-changed',
  'insufficient-stock',
  'credit-limit-exceeded',
  'empty-order',
];
