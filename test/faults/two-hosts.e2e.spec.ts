import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { expectFoldOf, writtenLog } from '../support/projections/read-models.ts';
import { expectReadableAsWritten, openShop } from '../support/shop/orders.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { apiClient, eventually } from '../support/system/api-client.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

const AT_FIRST = IS_WHOLE ? 100 : 30;
const MANY = IS_WHOLE ? 1_000 : 30;
const TIME_LIMIT_MS = 300_000;

let system: TestSystem;
let second: FunctionsHostProcess;
beforeAll(async () => {
  system = await startSystem(QUICK_TAKEOVER);
  second = await system.startHost();
});
afterAll(async () => {
  await second?.stop();
  await system.stop();
});

/** Number of hosts that own partitions for one of the read models, according to the ownership blobs. */
async function countOwners(): Promise<number> {
  const storage = BlobServiceClient.fromConnectionString(system.azure.storage.connectionString);
  const owners = new Set<string | undefined>();
  const blobs = storage.getContainerClient('azure-webjobs-eventhub').listBlobsFlat({ includeMetadata: true });
  for await (const { name, metadata } of blobs)
    if (name.includes(`/${ORDER_EVENTS_HUB}/order-details/ownership/`)) owners.add(metadata?.ownerid);
  return owners.size;
}

it('two hosts share the partitions, and one takes over all of them when the other is killed in the middle of batches', async () => {
  const shop = await openShop(system);
  const onSecond = apiClient(
    () => `${second.url}/api`,
    () => system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 }),
  );
  await eventually(countOwners, (owners) => owners === 2);
  const shared = await Promise.all([shop.placeOrders(AT_FIRST), shop.placeOrders(AT_FIRST, onSecond)]);
  await expectReadableAsWritten(system, shared.flat());

  // Slow requests, so that both hosts are in the middle of batches and of transactions that update sums.
  const endLatency = system.azure.cosmosDb.injectFault({ latencyMs: 300 });
  const unfinished = await shop.placeOrders(MANY, onSecond);
  await second.kill();
  endLatency();
  const afterwards = await shop.placeOrders(MANY);
  await expectReadableAsWritten(system, [...unfinished.slice(-100), ...afterwards.slice(-100)]);
  await caughtUp(system, TIME_LIMIT_MS);
  await expectFoldOf(system, await writtenLog(system));
});
