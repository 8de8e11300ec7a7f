import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { commands as registered } from '../../src/commands/functions.ts';
import type { OutboxEvent } from '../../src/commands/write-store/outbox.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { decodeEvent } from '../../src/shared/events/decode.ts';
import { EVENTS, type EventEnvelope } from '../../src/shared/events/envelope.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import type { KeysOf } from '../../src/shared/personal-data/event-encryption.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { catalogue } from '../../src/sync/projections/catalogue.ts';
import { customerOrders } from '../../src/sync/projections/customer-orders.ts';
import type { Projection } from '../../src/sync/projections/projection.ts';
import { envelopeOf, INTERNAL_COMMANDS, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { commandSequences, GIVEN } from '../support/commands/random-commands.ts';
import { loadRows, unconfirmedOrdersIn } from '../support/commands/tables.ts';
import { append, carriedState, EMPTY_LOG, RANDOM_COMMANDS_IDS, rowsOf } from '../support/events/fold-log.ts';
import { disorderOf } from '../support/events/order-lives.ts';
import { storedKeys, testMasterKey } from '../support/events/personal-data.ts';
import { fold } from '../support/projections/projections.ts';

const SEQUENCES = 100;
/** Of this run. Every test checks the same sequences, and each is sent once. */
const SEED = Date.now();
/** Limit (ms) for shrinking a failure. It is below the timeout of the test, which would report no example. */
const SHRINKING_LIMIT = 240_000;

/** The state after a sequence of commands. */
interface Outcome {
  /** The stored log in the order of publishing, which is the order of the commits. */
  readonly log: readonly EventEnvelope[];
  readonly published: readonly EventEnvelope[];
  readonly rows: ReturnType<typeof rowsOf>;
  /** The rejected commands with their problem codes and the numbers of rows that they wrote. */
  readonly rejected: readonly { readonly command: SentCommand; readonly code: string; readonly written: number }[];
  readonly database: DatabaseSync;
}

/** By the sequence of commands as JSON. */
const outcomes = new Map<string, Promise<Outcome>>();
afterAll(async () => {
  for (const { database } of await Promise.all(outcomes.values())) database.close();
});

function outcomeOf(commands: readonly SentCommand[]): Promise<Outcome> {
  const key = JSON.stringify(commands);
  const outcome = outcomes.get(key) ?? send(commands);
  outcomes.set(key, outcome);
  return outcome;
}

/** Sends the commands one by one, a second apart, to a new write store. */
async function send(commands: readonly SentCommand[]): Promise<Outcome> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const store = new SqliteWriteStore(database, systemRuntime);
  const published: OutboxEvent[] = [];
  const publish = (events: readonly OutboxEvent[]) => void published.push(...events);
  const bus = openCommandBus(store, publish, testMasterKey, { erasureNeedsSecondPerson: true });
  const rejected: Outcome['rejected'][number][] = [];
  for (const [second, command] of [...GIVEN, ...commands].entries()) {
    const before = rowsWritten(database);
    const at = new Date(Date.UTC(2026, 0, 15, 10, 30, second)).toISOString();
    const code = await bus.dispatch(envelopeOf({ at, ...command })).then(() => undefined, codeOf);
    if (code !== undefined) rejected.push({ command, code, written: rowsWritten(database) - before });
  }
  const keysOf = storedKeys(database);
  const decrypted = published.map(({ body }) => decoded(body, keysOf));
  return {
    log: await readLog(store, decrypted, keysOf),
    published: decrypted,
    rows: await loadRows(store, RANDOM_COMMANDS_IDS),
    rejected,
    database,
  };
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
  keysOf: KeysOf,
): Promise<readonly EventEnvelope[]> {
  const place = new Map(published.map(({ eventId }, index) => [eventId, index]));
  const stored = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10_000, maxCharacters: 1e9 });
  return stored
    .map(({ body }) => decoded(body, keysOf))
    .sort((a, b) => (place.get(a.eventId) ?? -1) - (place.get(b.eventId) ?? -1));
}

function decoded(body: string, keysOf: KeysOf): EventEnvelope {
  const result = decodeEvent(body, keysOf);
  if (result.kind !== 'event') throw new Error(`The log holds a body of kind ${result.kind}: ${body}`);
  return result.event;
}

/** Checks random sequences. A failure is shrunk to the shortest sequence that still fails. */
async function afterAnySequence(check: (outcome: Outcome) => void): Promise<void> {
  const property = fc.asyncProperty(commandSequences, async (commands) => void check(await outcomeOf(commands)));
  await fc.assert(property, { seed: SEED, numRuns: SEQUENCES, interruptAfterTimeLimit: SHRINKING_LIMIT });
}

/** The name under which an event carries the state of its aggregate. */
const nameOf = ({ aggregateType }: EventEnvelope) => aggregateType.charAt(0).toLowerCase() + aggregateType.slice(1);

/** Units received by the log, and units in the tables: available, or in an order that is not a draft or cancelled. */
const STOCK = `
  SELECT ProductId,
    (SELECT sum(coalesce(Body ->> '$.data.stock', Body ->> '$.data.delta', 0)) FROM Events
      WHERE AggregateType = 'Product' AND AggregateId = ProductId) AS received,
    Available + (SELECT coalesce(sum(Quantity), 0) FROM OrderItems JOIN Orders USING (OrderId)
      WHERE OrderItems.ProductId = Products.ProductId AND Status NOT IN ('draft', 'cancelled')) AS accountedFor
  FROM Products`;

/** Credit that each customer uses, and the total of their open orders. */
const CREDIT = `
  SELECT CustomerId, CreditUsed AS used, CreditLimit AS creditLimit,
    (SELECT coalesce(sum(Total), 0) FROM Orders
      WHERE Orders.CustomerId = Customers.CustomerId AND Status IN ('submitted', 'confirmed', 'shipped')) AS openTotal
  FROM Customers`;

const VERSIONS = `
  SELECT AggregateType, AggregateId, json_group_array(Version) AS versions FROM (SELECT * FROM Events ORDER BY Version)
  GROUP BY AggregateType, AggregateId`;

describe('after any sequence of commands', () => {
  it('folding the event log gives exactly the rows of the tables', async () => {
    await afterAnySequence(({ log, rows }) => expect(rows).toStrictEqual(rowsOf(log.reduce(append, EMPTY_LOG))));
  });

  it('the unconfirmed orders are those that the log leaves submitted, with the time of their submission', async () => {
    await afterAnySequence(({ log, database }) => {
      const rows = database.prepare('SELECT OrderId, SubmittedAt FROM UnconfirmedOrders').all();
      const unconfirmed = rows.map(({ OrderId, SubmittedAt }) => [OrderId, SubmittedAt]);
      expect(unconfirmed.toSorted()).toEqual(unconfirmedOrdersIn(log).toSorted());
    });
  });

  it('every event carries the state of its aggregate after that event', async () => {
    await afterAnySequence(({ log }) => {
      let folded = EMPTY_LOG;
      for (const event of log) {
        folded = append(folded, event);
        const carried: Record<string, unknown> = { ...event };
        expect(carried[nameOf(event)]).toEqual(carriedState(folded, event));
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

  it('the stored events equal the published ones, and each belongs to an accepted command', async () => {
    await afterAnySequence(({ log, published, database }) => {
      expect(log).toEqual(published);
      const commandIds = database.prepare('SELECT CommandId FROM Commands').all();
      expect(new Set(commandIds.map(({ CommandId }) => CommandId))).toEqual(
        new Set(log.map(({ causationId }) => causationId)),
      );
    });
  });

  it('a rejected command has written nothing', async () => {
    await afterAnySequence(({ rejected }) => expect(rejected.filter(({ written }) => written > 0)).toEqual([]));
  });

  it('every unit received is available or in an order that is not a draft or cancelled', async () => {
    await afterAnySequence(({ database }) => {
      for (const { received, accountedFor } of database.prepare(STOCK).all()) expect(accountedFor).toBe(received);
    });
  });

  it('the credit that a customer uses equals the total of their open orders and is within the limit', async () => {
    await afterAnySequence(({ database }) => {
      for (const { used, openTotal, creditLimit } of database.prepare(CREDIT).all()) {
        expect(used).toBe(openTotal);
        expect(Number(used)).toBeLessThanOrEqual(Number(creditLimit));
      }
    });
  });
});

/** Units in stock by product, and credit in use by customer. */
const AVAILABLE = 'SELECT ProductId, Available FROM Products ORDER BY ProductId';
const CREDIT_USED = 'SELECT CustomerId, CreditUsed, CreditLimit FROM Customers ORDER BY CustomerId';

/** The documents of a type in any order of arrival, with duplicates and after a replay. */
function received<Document>(projection: Projection<Document>, log: readonly EventEnvelope[]): readonly Document[] {
  const [arrival = []] = fc.sample(disorderOf(log), 1);
  return [...fold(projection, [...arrival, ...log]).values()].flatMap((documents) => [...documents.values()]);
}

describe('the read models of events that arrive in any order, some twice, and are replayed', () => {
  it('have the stock of the tables', async () => {
    await afterAnySequence(({ log, database }) => {
      const products = received(catalogue, log).filter((document) => document.type === 'product');
      const stock = products.map(({ productId, available }) => ({ ProductId: productId, Available: available }));
      expect(sortedById(stock, 'ProductId')).toEqual(database.prepare(AVAILABLE).all());
    });
  });

  it('have the credit of the tables', async () => {
    await afterAnySequence(({ log, database }) => {
      const customers = received(customerOrders, log).filter((document) => document.type === 'summary');
      const credit = customers.map(({ customerId, creditUsed, account }) => ({
        CustomerId: customerId,
        CreditUsed: creditUsed,
        CreditLimit: account?.creditLimit,
      }));
      expect(sortedById(credit, 'CustomerId')).toEqual(database.prepare(CREDIT_USED).all());
    });
  });
});

function sortedById<Name extends string, Row extends Readonly<Record<Name, string>>>(rows: readonly Row[], id: Name) {
  return rows.toSorted((a, b) => (a[id] < b[id] ? -1 : 1));
}

describe('the random sequences', () => {
  it('contain every command, accepted, every event and every rejection that a single client can cause', async () => {
    const seen = new Set<string>();
    await afterAnySequence(({ database, log, rejected }) => {
      for (const { CommandType } of database.prepare('SELECT CommandType FROM Commands').all())
        seen.add(String(CommandType));
      for (const { eventType } of log) seen.add(eventType);
      for (const { code } of rejected) seen.add(code);
    });
    const names = [
      ...[...registered, ...INTERNAL_COMMANDS].map(({ type }) => type),
      ...Object.keys(EVENTS),
      ...REJECTIONS,
    ];
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
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
  'product-discontinued',
  'insufficient-stock',
  'credit-limit-exceeded',
  'empty-order',
];
