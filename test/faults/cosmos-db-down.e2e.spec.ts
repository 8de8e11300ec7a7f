import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { expectFoldOf, writtenLog } from '../support/projections/read-models.ts';
import { expectReadableAsWritten, openShop } from '../support/shop/orders.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { eventually } from '../support/system/api-client.ts';
import { IS_WHOLE, progress } from '../support/system/progress.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** How long the outage lasts at least (ms); it lasts until the tries inside of an invocation are used up in any case. */
const DOWN_MS = IS_WHOLE ? 60_000 : 0;
/** Twice what it takes on a busy machine. */
vi.setConfig({ testTimeout: 90_000 + 4 * DOWN_MS });

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('Cosmos DB is down: orders are accepted all the same, no event is passed over or counted twice, and none becomes a dead letter', async () => {
  const shop = await openShop(system);
  await expectReadableAsWritten(system, await shop.placeOrders(40));

  const recover = system.azure.cosmosDb.injectFault({ down: true });
  const downUntil = Date.now() + DOWN_MS;
  const orderIds = [...(await shop.placeOrders(100))];
  // The tries inside of an invocation are used up: from now on it is the trigger that must not give up.
  await eventually(
    () => system.host.output().includes('TransientFault'),
    (failed) => failed,
  );
  while (Date.now() < downUntil) {
    orderIds.push(...(await shop.placeOrders(20)));
    progress(`${orderIds.length} orders accepted while Cosmos DB is down`);
    await delay(1_000);
  }
  recover();

  await expectReadableAsWritten(system, orderIds.slice(0, 100));
  await caughtUp(system);
  await expectFoldOf(system, await writtenLog(system));
});
