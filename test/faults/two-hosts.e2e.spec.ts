import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { apiClient, eventually } from '../support/api-client.ts';
import { countDeadLetters, expectReadableAsWritten, openShop } from '../support/orders.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

/** Twice what it takes on a busy machine. */
vi.setConfig({ testTimeout: 90_000 });

let system: TestSystem;
let second: FunctionsHostProcess;
beforeAll(async () => {
  system = await startSystem();
  second = await system.startHost();
});
afterAll(async () => {
  await second?.stop();
  await system.stop();
});

/** How many hosts own partitions for one of the read models, as the owners say in their blobs. */
async function countOwners(): Promise<number> {
  const storage = BlobServiceClient.fromConnectionString(system.azure.storage.connectionString);
  const owners = new Set<string | undefined>();
  const blobs = storage.getContainerClient('azure-webjobs-eventhub').listBlobsFlat({ includeMetadata: true });
  for await (const { name, metadata } of blobs)
    if (name.includes('/order-details/ownership/')) owners.add(metadata?.ownerid);
  return owners.size;
}

it('two hosts share the partitions, and one takes over all of them when the other one is killed', async () => {
  const shop = await openShop(system);
  const onSecond = apiClient(
    () => `${second.url}/api`,
    () => system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 }),
  );
  await eventually(countOwners, (owners) => owners === 2);
  const shared = await Promise.all([shop.placeOrders(100), shop.placeOrders(100, onSecond)]);
  await expectReadableAsWritten(system, shared.flat());

  const unfinished = await shop.placeOrders(100, onSecond);
  await second.kill();
  const afterwards = await shop.placeOrders(100);
  await expectReadableAsWritten(system, [...unfinished, ...afterwards]);
  expect(await countDeadLetters(system)).toBe(0);
});
