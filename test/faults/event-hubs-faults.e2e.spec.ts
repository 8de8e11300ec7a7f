import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectFoldOf, writtenLog } from '../support/projections/read-models.ts';
import {
  expectAllPublished,
  expectReadableAsWritten,
  openShop,
  publishedEventIds,
  type Shop,
} from '../support/shop/orders.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let shop: Shop;
beforeAll(async () => {
  system = await startSystem(QUICK_TAKEOVER);
  shop = await openShop(system);
});
afterEach(() => system.azure.eventHubs.setAvailable(true));
afterAll(() => system.stop());

describe('the system', () => {
  it('accepts orders while Event Hubs is down, and they are readable once it is back', async () => {
    system.azure.eventHubs.setAvailable(false);
    const before = publishedEventIds(system).length;
    const orderIds = await shop.placeOrders(100);
    expect(publishedEventIds(system)).toHaveLength(before);

    system.azure.eventHubs.setAvailable(true);
    await expectReadableAsWritten(system, orderIds);
    expectAllPublished(system);
  });

  it('loses no event while Event Hubs repeatedly drops every connection under load', async () => {
    const dropping = setInterval(() => system.azure.eventHubs.dropConnections(), 200);
    const orderIds = await shop.placeOrders(IS_WHOLE ? 4_000 : 400).finally(() => clearInterval(dropping));
    await expectReadableAsWritten(system, orderIds.slice(-400));
    expectAllPublished(system);
    await caughtUp(system);
    await expectFoldOf(system, await writtenLog(system));
  });
});
