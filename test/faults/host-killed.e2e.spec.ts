import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import {
  countProjectedOrders,
  expectAllPublished,
  expectReadableAsWritten,
  openShop,
  publishedEventIds,
} from '../support/shop/orders.ts';
import { eventually } from '../support/system/api-client.ts';
import { crashHost } from '../support/system/crash.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

/** The first host never runs its relay, so that it leaves no claimed events behind. */
const NO_RELAY = { OUTBOX_RELAY_SCHEDULE: '0 0 0 1 1 *' };
const RELAY = { OUTBOX_RELAY_SCHEDULE: '* * * * * *' };

let system: TestSystem;
beforeEach(async () => {
  system = await startSystem({ ...QUICK_TAKEOVER, ...NO_RELAY });
});
afterEach(() => system.stop());

describe('a Functions host that is killed', () => {
  it('between commit and publish: the next host publishes every event, and every order becomes readable', async () => {
    const shop = await openShop(system);
    await eventually(
      () => publishedEventIds(system).length,
      (published) => published === 2,
    );
    system.azure.eventHubs.setAvailable(false);
    const orderIds = await shop.placeOrders(20);
    await crashHost(system);
    expect(publishedEventIds(system)).toHaveLength(2);

    system.azure.eventHubs.setAvailable(true);
    system.host = await system.startHost(RELAY);
    await expectReadableAsWritten(system, orderIds);
    expectAllPublished(system);
  });

  it('while it projects many orders: the next host resumes, and every order becomes readable', async () => {
    const shop = await openShop(system);
    const { name: container } = ORDER_DETAILS;
    const projected = await shop.placeOrders(10);
    await eventually(
      () => countProjectedOrders(system),
      (count) => count > 0,
    );
    // The projection stops half-way, however slow the machine is.
    const stopFault = system.azure.cosmosDb.injectFault({ container, operation: 'Bulk', status: 503 });
    const orderIds = [...projected, ...(await shop.placeOrders(IS_WHOLE ? 300 : 100))];
    await crashHost(system);
    expect(await countProjectedOrders(system)).toBeLessThan(orderIds.length);

    stopFault();
    system.host = await system.startHost(RELAY);
    await expectReadableAsWritten(system, orderIds);
  });
});
