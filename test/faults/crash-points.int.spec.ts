import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { expireOrders } from '../../src/commands/orders/expire-orders.ts';
import { relayOutbox } from '../../src/commands/outbox/relay.ts';
import type { CommandBus } from '../../src/commands/pipeline/command-bus.ts';
import {
  openSqliteWriteStore,
  type SqliteWriteStore,
} from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { type EventPublisher, openEventPublisher } from '../../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { type CrashAssignment, LEASE_MS, runUntilCrash } from '../support/commands/run-until-crash.ts';
import { expectLogAndTablesToAgree, tablesOf } from '../support/commands/tables.ts';
import { ADDRESS, eventually } from '../support/system/api-client.ts';

const CUSTOMER = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 100 };
const PRODUCT = { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 };
const ORDER = {
  orderId: 'o',
  customerId: 'ada',
  items: [{ productId: 'lamp', quantity: 2 }],
  shippingAddress: ADDRESS,
};
const placeOrder: SentCommand = { type: 'PlaceOrder', data: ORDER, commandId: 'key-1', as: { customer: 'ada' } };

let folder: string;
let file: string;
let eventHubs: EventHubsServer;
let store: SqliteWriteStore;
let publisher: EventPublisher;
let bus: CommandBus;
/** How far (ms) the clock of the store and the relay is ahead. */
let aheadMs: number;

/** Registers a customer and adds a product, and publishes their events. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crash-'));
  file = join(folder, 'orders.db');
  eventHubs = await startEventHubs({ port: 0, hubs: [{ name: ORDER_EVENTS_HUB, partitions: 4, consumerGroups: [] }] });
  const connection = { kind: 'connectionString' as const, connectionString: eventHubs.connectionString };
  aheadMs = 0;
  store = await openSqliteWriteStore(file, { ...systemRuntime, now: () => systemRuntime.now() + aheadMs });
  publisher = openEventPublisher(connection, ORDER_EVENTS_HUB, () => {}, systemRuntime);
  bus = openCommandBus(store);
  await bus.dispatch(envelopeOf({ type: 'RegisterCustomer', data: CUSTOMER }));
  await bus.dispatch(envelopeOf({ type: 'AddProduct', data: PRODUCT }));
  await relayAll();
});
afterEach(async () => {
  await publisher.close();
  await store.close();
  await eventHubs.close();
  await rm(folder, { recursive: true });
});

const crash = (step: CrashAssignment['step'], work: Pick<CrashAssignment, 'command' | 'expires'> = {}) =>
  runUntilCrash({ step, file, eventHubs: eventHubs.connectionString, ...work });

async function relayAll(): Promise<void> {
  const settings = {
    owner: randomUUID(),
    leaseMs: LEASE_MS,
    olderThanMs: 0,
    batchSize: 100,
    batchCharacters: 1_000_000,
    warn: () => {},
  };
  await eventually(
    async () => {
      await relayOutbox(store, publisher, settings, systemRuntime);
      return (await tablesOf(file)).Events.filter(({ PublishedAt }) => PublishedAt === null).length;
    },
    (unpublished) => unpublished === 0,
  );
}

/** Expects one placed order in the tables and in the log, and its event `copies` times in the hub. */
const expectOneOrder = (copies: number) => expectOrder({ version: 1, creditUsed: 2_000, available: 8, copies });

/** Expects one order in this state in the tables and in the log, and `copies` messages about it in the hub. */
async function expectOrder({ copies, ...expected }: Record<'version' | 'creditUsed' | 'available' | 'copies', number>) {
  const tables = await tablesOf(file);
  await expectLogAndTablesToAgree(store, tables);
  const { order, customer, products } = await store.load({ commandId: 'none', orderId: 'o', productIds: [] });
  const found = { version: order?.version, creditUsed: customer?.creditUsed, available: products[0]?.available };
  expect(found).toEqual(expected);
  const inHub = eventHubs.events(ORDER_EVENTS_HUB).map(({ body }) => body.toString());
  expect(new Set(inHub)).toEqual(new Set(tables.Events.map(({ Body }) => Body)));
  expect(inHub.filter((body) => JSON.parse(body).aggregateType === 'Order')).toHaveLength(copies);
}

describe('a process that is killed while it handles a command', () => {
  it.each<[CrashAssignment['step'], { readonly replayed: boolean; readonly copies: number }]>([
    ['after the load', { replayed: false, copies: 1 }],
    ['inside the transaction', { replayed: false, copies: 1 }],
    ['after the commit', { replayed: true, copies: 1 }],
    ['after the sending', { replayed: true, copies: 2 }],
    ['before the marking', { replayed: true, copies: 2 }],
    ['after the marking', { replayed: true, copies: 1 }],
  ])('%s: the client retries and gets %j', async (step, { replayed, copies }) => {
    expect(await crash(step, { command: placeOrder })).toBe('SIGKILL');
    const again = await bus.dispatch(envelopeOf(placeOrder));
    const result = { commandId: 'key-1', aggregateType: 'Order', aggregateId: 'o', version: 1 };
    expect(again).toMatchObject({ replayed, result });
    await relayAll();
    await expectOneOrder(copies);
  });

  it('after the commit: the order exists even if the client does not retry', async () => {
    await crash('after the commit', { command: placeOrder });
    await relayAll();
    await expectOneOrder(1);
  });
});

describe('a process that is killed while it relays the outbox', () => {
  it.each<[CrashAssignment['step'], number]>([
    ['after the claim', 1],
    ['after the sending', 2],
    ['before the marking', 2],
    ['after the marking', 1],
  ])('%s: the next relay publishes the remaining events once the lease expires', async (step, copies) => {
    await bus.dispatch(envelopeOf(placeOrder));
    expect(await crash(step)).toBe('SIGKILL');
    aheadMs = LEASE_MS;
    await relayAll();
    await expectOneOrder(copies);
  });
});

describe('a process that is killed while it cancels an order that nobody has confirmed', () => {
  it.each<[CrashAssignment['step'], { readonly left: number; readonly copies: number }]>([
    ['after the load', { left: 1, copies: 2 }],
    ['inside the transaction', { left: 1, copies: 2 }],
    ['after the commit', { left: 0, copies: 2 }],
    ['after the sending', { left: 0, copies: 3 }],
  ])('%s: the next run continues, and the order is cancelled once: %j', async (step, { left, copies }) => {
    await bus.dispatch(envelopeOf(placeOrder));
    await relayAll();
    expect(await crash(step, { expires: true })).toBe('SIGKILL');
    const settings = { expireAfterMs: 0, pageSize: 10, maxRunMs: 60_000, warn: () => {} };
    expect(await expireOrders(store, bus, settings, systemRuntime)).toBe(left);
    await relayAll();
    await expectOrder({ version: 2, creditUsed: 0, available: 10, copies });
  });
});
