import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { expectFoldOf, writtenLog } from '../support/projections/read-models.ts';
import { expectReadableAsWritten, openShop } from '../support/shop/orders.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { eventually } from '../support/system/api-client.ts';
import { IS_WHOLE, progress } from '../support/system/progress.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** Minimum length of the outage (ms). It always lasts until the retries within an invocation are exhausted. */
const DOWN_MS = IS_WHOLE ? 60_000 : 0;
vi.setConfig({ testTimeout: 300_000 + 4 * DOWN_MS });

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('orders are accepted while Cosmos DB is down, and afterwards no event is skipped, counted twice or a dead letter', async () => {
  const shop = await openShop(system);
  await expectReadableAsWritten(system, await shop.placeOrders(40));

  const recover = system.azure.cosmosDb.injectFault({ down: true });
  const downUntil = Date.now() + DOWN_MS;
  const orderIds = [...(await shop.placeOrders(100))];
  // The retries within an invocation are exhausted: from now on the trigger must keep retrying.
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
