import { rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { CosmosClient } from '@azure/cosmos';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONSUMER_GROUPS, ORDER_EVENTS_REPLAY_HUB, readModelOfGroup } from '../../src/shared/event-hubs/hub.ts';
import { ORDER_SEARCH } from '../../src/shared/read-models/containers.ts';
import { query } from '../support/commands/write-store-rows.ts';
import { buildNextVersion } from '../support/projections/build-next-version.ts';
import { NEXT_NAME_ENDING, NEXT_VERSION } from '../support/projections/next-version.ts';
import { countDeadLetters, publishedEventIds } from '../support/shop/orders.ts';
import {
  caughtUp,
  type LogSums,
  type PlacedOrder,
  placeOrders,
  stampsIn,
  sumsOfLog,
} from '../support/shop/replayed-shop.ts';
import { endOfReplay, startReplay } from '../support/shop/replays.ts';
import { eventually } from '../support/system/api-client.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

/** 30 orders take seconds. FAULTS=whole runs with 1,000. */
const ORDERS = IS_WHOLE ? 1_000 : 30;
/** Shortest pause (ms) of the readers and of the live traffic. */
const PAUSE_MS = 50;
const READ_MODELS = CONSUMER_GROUPS.map(readModelOfGroup);

let system: TestSystem;
let nextVersion: string;
let orders: readonly PlacedOrder[];
/** The UTC day on which the orders were placed. */
let day: string;
beforeAll(async () => {
  [system, nextVersion] = await Promise.all([startSystem(QUICK_TAKEOVER), buildNextVersion()]);
  orders = await placeOrders(system.as('admin'), ORDERS, 'EUR');
  day = new Date().toISOString().slice(0, 10);
  await caughtUp(system);
  await system.host.stop();
  system.host = await system.startHost({}, nextVersion);
});
afterAll(async () => {
  await system?.stop();
  await rm(nextVersion, { recursive: true, force: true });
});

const customerId = () => orders[0]?.customerId ?? '';
const decimal = (minorUnits: number) => minorUnits / 100;

/** What a reader last saw of an order. */
interface SeenPage {
  readonly version: number;
  readonly isNew: boolean;
}

/** Compares the customer summary with the log. Live traffic does not change it. */
async function errorsInSummary({ orders: count, totalSpent }: LogSums): Promise<readonly string[]> {
  const { body } = await system.as('admin').get(`/customers/${customerId()}/summary`);
  return differences('summary', body, { orders: count, totalSpent: decimal(totalSpent) });
}

/** Compares the daily sums in a currency with the log. */
async function errorsInDay(currency: string, sums: LogSums): Promise<readonly string[]> {
  const { body } = await system.as('admin').get(`/analytics/daily?from=${day}&to=${day}`);
  const shown = body.items.find((item: { readonly currency: string }) => item.currency === currency);
  return differences(`day in ${currency}`, shown ?? {}, {
    orders: sums.orders,
    revenue: decimal(sums.revenue),
    cancelled: decimal(sums.cancelled),
    uniqueCustomers: sums.customers,
  });
}

const differences = (what: string, actual: object, expected: object) =>
  Object.entries(expected)
    .filter(([key, value]) => Reflect.get(actual, key) !== value)
    .map(([key, value]) => `${what}: ${key} is ${Reflect.get(actual, key)} instead of ${value}`);

/** Reads an order's page, which must never return to an older version or to the old format. */
async function errorsInPage({ orderId }: PlacedOrder, seen: Map<string, SeenPage>): Promise<readonly string[]> {
  const { body } = await system.as('admin').get(`/orders/${orderId}?include=history`);
  const before = seen.get(orderId) ?? {
    version: orders.find((order) => order.orderId === orderId)?.version ?? 1,
    isNew: false,
  };
  const now = { version: body.version, isNew: body.customerName.endsWith(NEXT_NAME_ENDING) };
  seen.set(orderId, now);
  return [
    ...(now.version < before.version ? [`version ${now.version} after ${before.version}`] : []),
    ...(body.history.length !== now.version ? [`${body.history.length} entries at version ${now.version}`] : []),
    ...(before.isNew && !now.isNew ? ['the old format after the new one'] : []),
  ];
}

/** Pauses twice as long as the round took that started then (ms since 1970): otherwise, a slow machine would have no time for the replay. */
const pauseAfter = (startedAt: number): Promise<void> => delay(Math.max(PAUSE_MS, 2 * (Date.now() - startedAt)));

/** Reads what the replay rebuilds, over and over until stopped, and returns every error that it finds. */
async function readContinuously(stopped: () => boolean): Promise<readonly string[]> {
  const euros = sumsOfLog(system.writeStore, 'EUR');
  const seen = new Map<string, SeenPage>();
  const wrong: string[] = [];
  for (let round = 0; !stopped(); round++) {
    const startedAt = Date.now();
    const order = orders[(round * 7) % orders.length];
    if (order !== undefined) wrong.push(...(await errorsInPage(order, seen)));
    wrong.push(...(await errorsInSummary(euros)), ...(await errorsInDay('EUR', euros)));
    await pauseAfter(startedAt);
  }
  return wrong;
}

/**
 * Places new orders in another currency, ships orders that the replay rebuilds, and publishes the events of both twice.
 * Returns the number of commands, and the ids of the events.
 */
async function sendLiveTraffic(stopped: () => boolean) {
  const startedAt = Date.now();
  const repeated = new Set<string>();
  const toShip = orders.filter(({ status }) => status === 'confirmed').values();
  let commands = 0;
  while (!stopped() || repeated.size === 0) {
    const roundStartedAt = Date.now();
    commands += (await placeOrders(system.as('admin'), 3, 'USD')).length;
    publishAgain(startedAt, repeated);
    await pauseAfter(roundStartedAt);
    const { value: order } = toShip.next();
    if (order === undefined) continue;
    const tracking = { carrier: 'UPS', trackingNumber: '1Z' };
    const { status } = await system.as('warehouse').post(`/orders/${order.orderId}/ship`, tracking);
    expect(status).toBe(202);
    commands++;
  }
  return { commands, repeated };
}

/** Makes the relay publish once more each published event that was recorded since the given time (ms since 1970), except the repeated ones. */
function publishAgain(since: number, repeated: Set<string>): void {
  const published = query(
    system.writeStore,
    `SELECT EventId AS id FROM Events WHERE RecordedAt >= ${since} AND PublishedAt IS NOT NULL`,
  );
  const eventIds = published.map(({ id }) => String(id)).filter((id) => !repeated.has(id));
  markUnpublished(eventIds);
  for (const id of eventIds) repeated.add(id);
}

function markUnpublished(eventIds: readonly string[]): void {
  const database = new DatabaseSync(system.writeStore, { timeout: 5_000 });
  const unpublish = database.prepare('UPDATE Events SET PublishedAt = NULL WHERE EventId = ?');
  for (const id of eventIds) unpublish.run(id);
  database.close();
}

/**
 * Waits until the hub has each of the events twice. When the relay has taken up an event whose first acknowledgement is late, relay and
 * command both mark it as published. The second mark undoes `publishAgain`, so it is repeated here.
 */
async function publishedTwice(eventIds: ReadonlySet<string>): Promise<void> {
  await eventually(
    () => {
      const counts = Map.groupBy(publishedEventIds(system), (id) => id);
      const missing = [...eventIds].filter((id) => (counts.get(id)?.length ?? 0) < 2);
      markUnpublished(missing);
      return missing;
    },
    (missing) => missing.length === 0,
  );
}

it('a replay under live traffic rebuilds every document in the new format, and no reader ever sees a wrong one', async () => {
  for (const readModel of READ_MODELS) expect(await stampsIn(system, readModel)).not.toContain(NEXT_VERSION);
  let ended = false;
  const reading = readContinuously(() => ended);
  const sending = sendLiveTraffic(() => ended);
  const replay = await endOfReplay(system, await startReplay(system, { readModel: 'all' }));
  ended = true;
  const [wrong, { commands, repeated }] = await Promise.all([reading, sending]);

  expect(replay).toMatchObject({ status: 'completed', done: replay.total });
  expect(wrong).toEqual([]);
  expect(Math.min(commands, repeated.size)).toBeGreaterThan(0);
  await publishedTwice(repeated);
  await caughtUp(system);
  const [euros, dollars] = [sumsOfLog(system.writeStore, 'EUR'), sumsOfLog(system.writeStore, 'USD')];
  expect([await errorsInSummary(euros), await errorsInDay('EUR', euros), await errorsInDay('USD', dollars)]).toEqual([
    [],
    [],
    [],
  ]);
  for (const readModel of READ_MODELS) {
    const stamps = await stampsIn(system, readModel);
    expect(new Set(stamps)).toEqual(new Set([NEXT_VERSION]));
    if (readModel !== 'shipping_board') expect(stamps.length).toBeGreaterThanOrEqual(ORDERS);
  }
  expect(await countDeadLetters(system)).toBe(0);
});

/** Breaks the killed host's lease of the timer, which would otherwise expire after 15 s. */
async function breakTimerLease(): Promise<void> {
  const storage = BlobServiceClient.fromConnectionString(system.azure.storage.connectionString);
  const lock = storage.getContainerClient('azure-webjobs-hosts').getBlobClient('locks/resumeReplays');
  await lock.getBlobLeaseClient().breakLease(0);
}

it('a replay resumes after the host is killed in the middle of it, and no document is missing', async () => {
  const cosmos = new CosmosClient(system.azure.cosmosDb.connectionString);
  const searchDocuments = cosmos.database('orders').container(ORDER_SEARCH.name);
  const { resources } = await searchDocuments.items
    .readAll<{ readonly id: string; readonly customerId: string }>()
    .fetchAll();
  await Promise.all(resources.map(({ id, customerId }) => searchDocuments.item(id, customerId).delete()));
  const recover = system.azure.cosmosDb.injectFault({ status: 503, container: ORDER_SEARCH.name });
  const published = () => system.azure.eventHubs.events(ORDER_EVENTS_REPLAY_HUB).length;
  const before = published();
  const replayId = await startReplay(system, { readModel: 'all' });
  await eventually(published, (events) => events > before);
  await system.host.kill();
  recover();
  await breakTimerLease();
  system.host = await system.startHost({}, nextVersion);

  expect(await endOfReplay(system, replayId)).toMatchObject({ status: 'completed' });
  // The slowest read model had projected nothing, so the replay cannot have completed before the kill.
  const { resources: again } = await searchDocuments.items.readAll<{ readonly id: string }>().fetchAll();
  cosmos.dispose();
  expect(again.map(({ id }) => id).sort()).toEqual(resources.map(({ id }) => id).sort());
});
