import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CosmosFault } from '../../local/cosmos-db/faults.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { allProjected, expectFoldOf } from '../support/projections/read-models.ts';
import { asDelivered, logOfOrders, publish } from '../support/shop/order-stream.ts';
import { IS_WHOLE, progress } from '../support/system/progress.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

const ORDERS = IS_WHOLE ? 500 : 40;
/** Number of requests that each fault hits. */
const HITS = IS_WHOLE ? 300 : 5;
const TIME_LIMIT_MS = IS_WHOLE ? 600_000 : 300_000;
vi.setConfig({ testTimeout: TIME_LIMIT_MS });

/** Interval (ms) at which every AMQP link is dropped while events are published and projected. */
const DROP_EVERY_MS = IS_WHOLE ? 400 : 800;

interface Storm {
  readonly cosmosDb: readonly CosmosFault[];
  readonly dropsLinks?: boolean;
}

const THROTTLED: readonly CosmosFault[] = [
  { status: 429, retryAfterMs: 100, times: HITS },
  { status: 429, retryAfterMs: 50, bulkOperations: 7, times: HITS },
];
const UNAVAILABLE: readonly CosmosFault[] = [
  { status: 503, times: HITS },
  { status: 408, times: HITS },
];
const CUT: readonly CosmosFault[] = [
  { dropConnection: true, times: HITS / 5 },
  { loseAnswer: true, operation: 'Bulk', times: HITS / 5 },
  { loseAnswer: true, operation: 'Batch', times: HITS / 5 },
];
/** Longer than a request may take (10 s). */
const TOO_LATE: readonly CosmosFault[] = [
  { latencyMs: 10_500, operation: 'Bulk', times: 5 },
  { latencyMs: 10_500, operation: 'Batch', times: 5 },
];

const STORMS: Readonly<Record<string, Storm>> = {
  'throttled requests and operations': { cosmosDb: THROTTLED },
  'an unavailable Cosmos DB': { cosmosDb: UNAVAILABLE },
  'connections that are cut before and after the write': { cosmosDb: CUT },
  'requests that take too long': { cosmosDb: TOO_LATE },
  'dropped AMQP links': { cosmosDb: [], dropsLinks: true },
};
const ALL_AT_ONCE: Readonly<Record<string, Storm>> = {
  'all of these faults at once': { cosmosDb: [...CUT, ...THROTTLED, ...UNAVAILABLE], dropsLinks: true },
};

let system: TestSystem;
/** All events published so far. */
let log: readonly EventEnvelope[] = [];
beforeAll(async () => {
  system = await startSystem(QUICK_TAKEOVER);
});
afterAll(() => system.stop());

describe('each read model is the fold of the log after', () => {
  it.each(Object.entries(IS_WHOLE ? { ...STORMS, ...ALL_AT_ONCE } : ALL_AT_ONCE))('%s', async (name, storm) => {
    progress(name);
    const coming = logOfOrders(ORDERS);
    log = [...log, ...coming];
    const { cosmosDb, eventHubs } = system.azure;
    const stops = storm.cosmosDb.map((fault) => cosmosDb.injectFault(fault));
    const dropping = storm.dropsLinks ? setInterval(() => eventHubs.dropConnections(), DROP_EVERY_MS) : undefined;
    await publish(system, asDelivered(coming)).finally(() => clearInterval(dropping));
    await allProjected(system, TIME_LIMIT_MS);
    for (const stop of stops) stop();
    await expectFoldOf(system, log);
    expect(log.length).toBeGreaterThan(ORDERS);
  });
});
