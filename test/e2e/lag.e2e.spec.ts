import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CONSUMER_GROUPS } from '../../src/shared/event-hubs/hub.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { SYNC_LAG_TARGET_MS } from '../../src/shared/sync-lag.ts';
import { orderPlaced } from '../support/events/events.ts';
import { publish } from '../support/shop/order-stream.ts';
import { ADDRESS, customerAndProduct, eventually } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

interface Lag {
  readonly readModel: string;
  readonly partition: string;
  readonly lagMs: number;
  readonly behind: number;
}
const lag = async (of = system): Promise<readonly Lag[]> => {
  const { body } = await eventually(
    () => of.as('admin').get('/admin/lag'),
    ({ status }) => status === 200,
  );
  return body.items;
};

describe('GET /admin/lag', () => {
  it('counts the events that each read model has not projected yet, and returns 0 once it has caught up', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const stop = system.azure.cosmosDb.injectFault({ status: 503, container: ORDER_DETAILS.name });
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    for (let order = 0; order < 3; order++) await system.as('admin').post('/orders', body);
    const behind = await eventually(
      () => lag(),
      (items) => items.some((item) => item.readModel === 'order_details' && item.behind > 0 && item.lagMs > 0),
    );
    expect(behind).toHaveLength(CONSUMER_GROUPS.length * new Set(behind.map(({ partition }) => partition)).size);
    stop();
    const caughtUp = await eventually(
      () => lag(),
      (items) => items.every((item) => item.behind === 0),
    );
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
  const placeOrder = async ({ as }: TestSystem) => {
    const { customerId, productId } = await customerAndProduct(as('admin'));
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    return as('admin').post('/orders', body);
  };
  /** The estimate, once it is based on reports of every read model. */
  const estimate = async (of: TestSystem): Promise<number> => {
    const { body } = await eventually(
      () => placeOrder(of),
      ({ status, body }) => status === 202 && body.estimatedSyncMs !== SYNC_LAG_TARGET_MS,
    );
    return body.estimatedSyncMs;
  };

  it('is the recent sync lag once every read model has reported its lag', async () => {
    expect(await estimate(system)).toBeGreaterThanOrEqual(0);
  });

  it('ignores the age of an old event that is published again', async () => {
    const dayMs = 24 * 3_600_000;
    // A read model reports the lag of its first batch immediately
    const fresh = await startSystem();
    onTestFinished(() => fresh.stop());
    await publish(fresh, [orderPlaced({ timestamp: new Date(Date.now() - dayMs).toISOString() })]);
    await eventually(
      () => lag(fresh),
      (items) => items.every(({ behind }) => behind === 0),
    );
    expect(await estimate(fresh)).toBeLessThan(dayMs);
  });
});
