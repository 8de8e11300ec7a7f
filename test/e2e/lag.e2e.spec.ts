import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, PUSH_CONSUMER_GROUP } from '../../src/shared/event-hubs/hub.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { SYNC_LAG_TARGET_MS } from '../../src/shared/sync-lag.ts';
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

describe('estimatedSyncMs in the response to a command', () => {
  it('is the recent sync lag once every read model has reported its lag', async () => {
    expect(await estimate()).toBeGreaterThanOrEqual(0);
  });

  it('ignores the age of an old event that is published again', () => {
    expect(firstEstimate).toBeLessThan(DAY_MS);
  });
});
