import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventually } from '../support/api-client.ts';
import { countDeadLetters, expectReadableAsWritten, openShop } from '../support/orders.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

/** Twice what it takes on a busy machine. */
vi.setConfig({ testTimeout: 90_000 });

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('Cosmos DB is down: orders are accepted all the same, no event is passed over, and none becomes a dead letter', async () => {
  const shop = await openShop(system);
  await expectReadableAsWritten(system, await shop.placeOrders(40));

  const recover = system.azure.cosmosDb.injectFault({ down: true });
  const orderIds = await shop.placeOrders(100);
  // The tries inside of an invocation are used up: from now on it is the trigger that must not give up.
  await eventually(
    () => system.host.output().includes('TransientFault'),
    (failed) => failed,
  );
  recover();

  await expectReadableAsWritten(system, orderIds);
  expect(await countDeadLetters(system)).toBe(0);
});
