import { expect } from 'vitest';
import type { LoadedRows, LoadRequest, WriteStore } from '../../../src/commands/write-store/write-store.ts';
import { decodeEvent } from '../../../src/shared/events/decode.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { unwrapDataKey } from '../../../src/shared/personal-data/data-keys.ts';
import type { DataKey, KeysOf } from '../../../src/shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import { type AggregateIds, append, EMPTY_LOG, rowsOf } from '../events/fold-log.ts';
import { testMasterKey } from '../events/personal-data.ts';
import { query, type TABLES } from './write-store-rows.ts';

/** All rows of all tables, and of the view EventLog, as the database driver returns them. */
export type Tables = Readonly<
  Record<(typeof TABLES)[number] | 'EventLog', readonly Readonly<Record<string, unknown>>[]>
>;

/** Reads every table, one after the other. */
export async function tablesBy(read: (table: string) => Promise<readonly object[]>): Promise<Tables> {
  const rows = async (table: string) => (await read(table)).map((row) => ({ ...row }));
  return {
    UnconfirmedOrders: await rows('UnconfirmedOrders'),
    OrderItems: await rows('OrderItems'),
    Orders: await rows('Orders'),
    EventLog: await rows('EventLog'),
    Events: await rows('Events'),
    EventArchive: await rows('EventArchive'),
    Commands: await rows('Commands'),
    Customers: await rows('Customers'),
    Products: await rows('Products'),
    CustomerKeys: await rows('CustomerKeys'),
    RetiredCustomerKeys: await rows('RetiredCustomerKeys'),
  };
}

/** The tables of a SQLite write store, which may be in use. */
export function tablesOf(file: string): Promise<Tables> {
  return tablesBy(async (table) => query(file, `SELECT * FROM ${table}`));
}

/**
 * Expects the invariants that hold after any concurrency and any crash: the rows, stock and credit included, are exactly the fold
 * of the event log; versions have no gaps; each recorded command has one event, and each event that is not archived has its command.
 */
export async function expectLogAndTablesToAgree(
  store: Pick<WriteStore, 'load'>,
  tables: Tables,
  masterKey: MasterKey = testMasterKey,
): Promise<void> {
  const log = await logIn(tables, masterKey);
  const ids = {
    orders: tables.Orders.map(({ OrderId }) => String(OrderId)),
    customers: tables.Customers.map(({ CustomerId }) => String(CustomerId)),
    products: tables.Products.map(({ ProductId }) => String(ProductId)),
  };
  const known = Object.values(ids).flat();
  expect(new Set(log.map(({ aggregateId }) => aggregateId))).toEqual(new Set(known));
  for (const events of Map.groupBy(log, ({ aggregateId }) => aggregateId).values()) {
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  }
  expect(await loadRows(store, ids)).toStrictEqual(rowsOf(log.reduce(append, EMPTY_LOG), ids));
  const unconfirmed = tables.UnconfirmedOrders.map(({ OrderId, SubmittedAt }) => [OrderId, isoTime(SubmittedAt)]);
  expect(unconfirmed.toSorted()).toEqual(unconfirmedOrdersIn(log).toSorted());
  const recorded = tables.Commands.map((row) => [row.CommandId, row.AggregateType, row.AggregateId, row.Version]);
  const archived = new Set(tables.EventArchive.map(({ EventId }) => EventId));
  const caused = log
    .filter(({ eventId }) => !archived.has(eventId))
    .map((event) => [event.causationId, event.aggregateType, event.aggregateId, event.version]);
  expect(recorded.toSorted()).toEqual(caused.toSorted());
}

/** A time as SQLite (text) or SQL Server (a date) returns it. */
const isoTime = (value: unknown) => (value instanceof Date ? value.toISOString() : value);

/** The orders of the log that are submitted, each with the time of the event that submitted it. */
export function unconfirmedOrdersIn(log: readonly EventEnvelope[]): readonly (readonly [string, string])[] {
  const orders = Map.groupBy(
    log.filter((event) => event.aggregateType === 'Order'),
    ({ aggregateId }) => aggregateId,
  );
  return [...orders].flatMap(([orderId, events]) => {
    const submission = events.find(({ eventType }) => eventType === 'OrderPlaced' || eventType === 'OrderSubmitted');
    const isSubmitted = events.at(-1)?.order.status === 'submitted';
    return isSubmitted && submission !== undefined ? [[orderId, submission.timestamp] as const] : [];
  });
}

/** The event log, decrypted, with the events of each aggregate in version order. */
export async function logIn(tables: Tables, masterKey: MasterKey): Promise<readonly EventEnvelope[]> {
  const keysOf = await keysIn(tables, masterKey);
  return tables.EventLog.map(({ Body }) => decoded(String(Body), keysOf)).sort((a, b) => a.version - b.version);
}

/** The data keys of all customers, current and retired. */
async function keysIn({ CustomerKeys, RetiredCustomerKeys }: Tables, masterKey: MasterKey): Promise<KeysOf> {
  const keys = new Map<string, readonly DataKey[] | 'destroyed'>();
  for (const { CustomerId, KeyId, WrappedKey, MasterKeyVersion } of [...CustomerKeys, ...RetiredCustomerKeys]) {
    const customerId = String(CustomerId);
    const known = keys.get(customerId) ?? [];
    if (KeyId === null || known === 'destroyed') {
      keys.set(customerId, 'destroyed');
      continue;
    }
    const stored = {
      keyId: String(KeyId),
      wrappedKey: String(WrappedKey),
      masterKeyVersion: String(MasterKeyVersion),
    };
    keys.set(customerId, [...known, await unwrapDataKey(stored, masterKey)]);
  }
  return (customerId) => keys.get(customerId) ?? 'unknown';
}

function decoded(body: string, keysOf: KeysOf): EventEnvelope {
  const result = decodeEvent(body, keysOf);
  if (result.kind !== 'event') throw new Error(`The log has an event that is ${result.kind}: ${body}`);
  return result.event;
}

/** The rows of aggregates as a command would load them, in the form of `rowsOf`. */
export async function loadRows(store: Pick<WriteStore, 'load'>, ids: AggregateIds): Promise<ReturnType<typeof rowsOf>> {
  const load = (one: Partial<LoadRequest>): Promise<LoadedRows> =>
    store.load({ commandId: 'none', productIds: [], ...one });
  return {
    orders: await Promise.all(ids.orders.map(async (orderId) => (await load({ orderId })).order)),
    customers: await Promise.all(ids.customers.map(async (customerId) => (await load({ customerId })).customer)),
    products: (await load({ productIds: ids.products })).products,
  };
}
