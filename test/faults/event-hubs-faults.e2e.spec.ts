import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEventHubs } from '../../local/event-hubs/server.ts';
import { LOCAL_HUBS } from '../../local/local-azure.ts';
import { main as checkpoints } from '../../scripts/checkpoints.ts';
import { expectFoldOf, writtenLog } from '../support/projections/read-models.ts';
import {
  expectAllPublished,
  expectReadableAsWritten,
  openShop,
  publishedEventIds,
  type Shop,
} from '../support/shop/orders.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { replayToTheEnd } from '../support/shop/replays.ts';
import { eventually } from '../support/system/api-client.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';
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

describe('a hub that was made again', () => {
  const stalls = async () => (await system.as('admin').get('/admin/lag')).body.items ?? [];

  it('stops the read models, which GET /admin/lag reports; after a reset and a replay, no event is lost or counted twice', async () => {
    await shop.placeOrders(20);
    await caughtUp(system);
    // Some events are only in the hub that will be lost, and in the log.
    const recover = system.azure.cosmosDb.injectFault({ status: 503 });
    await shop.placeOrders(20);
    await system.host.stop();
    recover();
    await system.azure.eventHubs.close();
    const { port } = system.azure.eventHubs;
    const hub = await startEventHubs({ port, hubs: LOCAL_HUBS, firstSequenceNumber: 0 });
    onTestFinished(hub.close);
    system.host = await system.startHost();
    await shop.placeOrders(20);
    const stalled = await eventually(stalls, (items) =>
      items.some(
        ({ lagMs, stalled }: { lagMs: number; stalled?: { reason: string } }) =>
          lagMs > 0 && stalled?.reason.includes('of another hub'),
      ),
    );
    expect(stalled).not.toEqual([]);

    await system.host.stop();
    const [silent, env] = [new PassThrough().resume(), system.azure.settings];
    const reset = { stdout: silent, stderr: silent, env, now: () => Date.now() + 120_000 };
    expect(await checkpoints(['--reset'], reset)).toBe(0);
    system.host = await system.startHost();
    await caughtUp(system);
    await replayToTheEnd(system, { readModel: 'all' });
    const log = await writtenLog(system);
    await expectFoldOf(system, log);

    // With another storage account, every consumer group starts at the first event in the hub.
    await system.host.stop();
    const { connectionString } = await newStorageAccount();
    system.host = await system.startHost({ AzureWebJobsStorage: connectionString });
    await shop.placeOrders(5);
    await caughtUp(system);
    await expectFoldOf(system, await writtenLog(system));
  });
});
