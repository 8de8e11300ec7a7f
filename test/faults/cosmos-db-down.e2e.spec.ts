import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { countDeadLetters, expectReadableAsWritten, openShop } from '../support/orders.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

/** Twice what it takes on a busy machine. */
vi.setConfig({ testTimeout: 90_000 });

/** Longer than the tries inside of one invocation take together, so that the trigger's own retries are needed. */
const OUTAGE_MS = 5_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('Cosmos DB is down: orders are accepted all the same, no event is passed over, and none becomes a dead letter', async () => {
  const shop = await openShop(system);
  const recover = system.azure.cosmosDb.injectFault({ down: true });
  const orderIds = await shop.placeOrders(100);
  await sleep(OUTAGE_MS);
  const duringOutage = await system.as('admin').get(`/orders/${orderIds[0]}`);
  recover();
  expect(duringOutage.status).toBe(503);

  await expectReadableAsWritten(system, orderIds);
  expect(await countDeadLetters(system)).toBe(0);
});
