import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CONSUMER_GROUPS } from '../../src/shared/event-hubs/hub.ts';
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
const lag = async (of = system): Promise<readonly Lag[]> => (await of.as('admin').get('/admin/lag')).body.items;

describe('GET /admin/lag', () => {
  it('counts what each read model has not seen, and nothing once it has', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const stop = system.azure.cosmosDb.injectFault({ status: 503, container: 'order_details' });
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

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/admin/lag')).status).toBe(403);
  });
});

describe('estimatedSyncMs in the answer to a command', () => {
  const placeOrder = async ({ as }: TestSystem) => {
    const { customerId, productId } = await customerAndProduct(as('admin'));
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    return (await as('admin').post('/orders', body)).body;
  };
  const isKnown = ({ estimatedSyncMs }: { readonly estimatedSyncMs: number }) => estimatedSyncMs !== 2_000;

  it('is what the read models needed lately, once all of them have said so', async () => {
    const { estimatedSyncMs } = await eventually(() => placeOrder(system), isKnown);
    expect(estimatedSyncMs).toBeGreaterThanOrEqual(0);
  });

  it('does not count the age of an old event that is published again', async () => {
    const dayMs = 24 * 3_600_000;
    // The first batch of a read model is reported at once
    const fresh = await startSystem();
    onTestFinished(() => fresh.stop());
    await publish(fresh, [orderPlaced({ timestamp: new Date(Date.now() - dayMs).toISOString() })]);
    await eventually(
      () => lag(fresh),
      (items) => items.every(({ behind }) => behind === 0),
    );
    const { estimatedSyncMs } = await eventually(() => placeOrder(fresh), isKnown);
    expect(estimatedSyncMs).toBeLessThan(dayMs);
  });
});
