import { InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import local from '../../local.settings.json' with { type: 'json' };
import { syncConfig } from '../../src/shared/config.ts';
import { CONSUMER_GROUPS, PUSH_CONSUMER_GROUP } from '../../src/shared/event-hubs/hub.ts';
import { ORDER_DETAILS, SALES_LIVE } from '../../src/shared/read-models/containers.ts';
import { SYNC_LAG_TARGET_MS } from '../../src/shared/sync-lag.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { createSyncApp } from '../../src/sync/app.ts';
import { recordLagTimer } from '../../src/sync/lag/record-lag-timer.ts';
import { PROJECTIONS } from '../../src/sync/projections/projections.ts';
import { orderPlaced } from '../support/events/events.ts';
import { publish } from '../support/shop/order-stream.ts';
import { ADDRESS, customerAndProduct, eventually } from '../support/system/api-client.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

const DAY_MS = 24 * 3_600_000;

let system: TestSystem;
/** The estimate when an old event, which was published again, is all that the read models have seen. */
let firstEstimate: number;
beforeAll(async () => {
  system = await startSystem(QUICK_TAKEOVER);
  // A read model reports the lag of its first batch immediately.
  await publish(system, [orderPlaced({ timestamp: new Date(Date.now() - DAY_MS).toISOString() })]);
  await eventually(lag, (items) => items.every(({ behind }) => behind === 0));
  firstEstimate = await estimate();
}, 600_000);
afterAll(() => system.stop());

interface Lag {
  readonly readModel: string;
  readonly partition: string;
  readonly lagMs: number;
  readonly behind: number;
  readonly stalled?: object;
}
async function lag(): Promise<readonly Lag[]> {
  const { body } = await eventually(
    () => system.as('admin').get('/admin/lag'),
    ({ status }) => status === 200,
  );
  return body.items;
}

async function placeOrder() {
  const { customerId, productId } = await customerAndProduct(system.as('admin'));
  const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
  return system.as('admin').post('/orders', body);
}

/** The estimate, once it is based on reports of every read model. */
async function estimate(): Promise<number> {
  const { body } = await eventually(
    placeOrder,
    ({ status, body }) => status === 202 && body.estimatedSyncMs !== SYNC_LAG_TARGET_MS,
  );
  return body.estimatedSyncMs;
}

describe('GET /admin/lag', () => {
  it('counts the events that each read model has not projected yet, and returns 0 once it has caught up', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const stop = system.azure.cosmosDb.injectFault({ status: 503, container: ORDER_DETAILS.name });
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    for (let order = 0; order < 3; order++) await system.as('admin').post('/orders', body);
    const behind = await eventually(lag, (items) =>
      items.some((item) => item.readModel === 'order_details' && item.behind > 0 && item.lagMs > 0),
    );
    // Pushing is listed as well while it is stalled, as on a very busy machine.
    const ofReadModels = behind.filter(({ readModel }) => readModel !== PUSH_CONSUMER_GROUP);
    const partitions = new Set(behind.map(({ partition }) => partition));
    expect(ofReadModels).toHaveLength(CONSUMER_GROUPS.length * partitions.size);
    stop();
    const caughtUp = await eventually(lag, (items) => items.every((item) => item.behind === 0));
    expect(caughtUp.every(({ lagMs }) => lagMs === 0)).toBe(true);
  });

  it('answers many requests at once, and again after its connection to Event Hubs was lost', async () => {
    const get = () => system.as('admin').get('/admin/lag');
    const answers = await Promise.all(Array.from({ length: 20 }, get));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    system.azure.eventHubs.setAvailable(false);
    const down = await get();
    system.azure.eventHubs.setAvailable(true);
    expect([down.status, down.body.code]).toEqual([503, 'unavailable']);
    const { body } = await eventually(get, ({ status }) => status === 200);
    expect(body.items).toHaveLength(answers[0]?.body.items.length);
  });

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/admin/lag')).status).toBe(403);
  });
});

describe('GET /admin/overview', () => {
  const overview = () => system.as('admin').get('/admin/overview');

  it('counts the commands, queries and projected events of all apps, and names the instances that run', async () => {
    await placeOrder();
    await system.as('admin').get('/products');
    const { body } = await eventually(overview, ({ body }) => {
      const points: readonly { commands: { accepted: number }; queries: number; projected: Record<string, number> }[] =
        body.history ?? [];
      const did = (happened: (point: (typeof points)[number]) => boolean) => points.some(happened);
      return (
        did(({ commands }) => commands.accepted > 0) &&
        did(({ queries }) => queries > 0) &&
        did(({ projected }) => (projected.order_details ?? 0) > 0)
      );
    });
    expect(body.apps.map(({ app, instances }: { app: string; instances: number }) => [app, instances])).toEqual([
      ['commands', 1],
      ['sync', 1],
      ['queries', 1],
    ]);
    expect(body.history).toHaveLength(60);
    expect(body.deadLetters).toEqual({ waiting: 0 });
  });

  it('has the version of each projection, and the lag of each partition', async () => {
    const { body } = await eventually(overview, ({ body }) => body.readModels !== undefined);
    const partitions = new Set((await lag()).map(({ partition }) => partition)).size;
    for (const { projection } of PROJECTIONS) {
      const { readModel } = projection.container;
      const shown = body.readModels.find((one: { readModel: string }) => one.readModel === readModel);
      expect(shown).toMatchObject({ projectionVersion: projection.version, partitions: expect.any(Array) });
      expect(shown.partitions).toHaveLength(partitions);
    }
  });

  it('leaves out what cannot be read, and says which dependency is down', async () => {
    await eventually(overview, ({ body }) => body.readModels !== undefined);
    system.azure.eventHubs.setAvailable(false);
    const { status, body } = await overview();
    system.azure.eventHubs.setAvailable(true);
    expect([status, body.readModels]).toEqual([200, undefined]);
    expect(body.dependencies).toContainEqual({ dependency: 'event-hubs', status: 'down' });
    expect(body.dependencies).toContainEqual({ dependency: 'cosmos-db', status: 'up' });
  });
});

describe('estimatedSyncMs in the response to a command', () => {
  it('is the recent sync lag once every read model has reported its lag', async () => {
    expect(await estimate()).toBeGreaterThanOrEqual(0);
  });

  it('ignores the age of an old event that is published again', () => {
    expect(firstEstimate).toBeLessThan(DAY_MS);
  });
});

describe('the watermark of GET /analytics/live', () => {
  const live = async () => (await system.as('analyst').get('/analytics/live')).body;

  /** What the timer does twice a minute, now. */
  async function recordLag(): Promise<void> {
    const settings = {
      ...local.Values,
      ...system.azure.settings,
      SQL_CONNECTION_STRING: `sqlite:${system.writeStore}`,
    };
    const app = createSyncApp(syncConfig(settings), [], systemRuntime);
    const time = new Date().toISOString();
    const scheduleStatus = { last: time, next: time, lastUpdated: time };
    const timer = { schedule: { adjustForDST: false }, scheduleStatus, isPastDue: false };
    const context = new InvocationContext({ functionName: 'recordLag', logHandler: () => undefined });
    await Promise.resolve(recordLagTimer(app).options.handler(timer, context)).finally(() => app.close());
  }

  it('stays before the oldest event that one partition has not counted, and passes it once it has', async () => {
    await placeOrder();
    await eventually(lag, (items) => items.every(({ behind }) => behind === 0));
    const start = Date.now();
    await recordLag();
    expect(Date.parse((await live()).watermark)).toBeGreaterThanOrEqual(start);

    const faults = (['Bulk', 'Batch'] as const).map((operation) =>
      system.azure.cosmosDb.injectFault({ status: 503, container: SALES_LIVE.name, operation }),
    );
    const before = Date.now();
    await placeOrder();
    const lagging = (items: readonly Lag[]) =>
      items.filter(({ readModel, behind }) => readModel === SALES_LIVE.readModel && behind > 0);
    await eventually(lag, (current) => lagging(current).length === 1 && lagging(current)[0]?.stalled !== undefined);
    const after = Date.now();
    await recordLag();
    const stopped = Date.parse((await live()).watermark);
    expect(stopped).toBeGreaterThanOrEqual(before);
    expect(stopped).toBeLessThanOrEqual(after);
    await recordLag();
    expect(Date.parse((await live()).watermark)).toBe(stopped);

    for (const recover of faults) recover();
    await eventually(lag, (current) => current.every(({ behind }) => behind === 0));
    await recordLag();
    expect(Date.parse((await live()).watermark)).toBeGreaterThan(stopped);
  });
});
