import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { allProjected, expectFoldOf } from '../support/projections/read-models.ts';
import { asDelivered, logOfOrders, publish } from '../support/shop/order-stream.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

const ORDERS = IS_WHOLE ? 10_000 : 100;
/** Many times what it takes on an idle machine. */
const TIME_LIMIT_MS = IS_WHOLE ? 1_800_000 : 300_000;
vi.setConfig({ testTimeout: TIME_LIMIT_MS });

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it(`each read model is the fold of the log when the events of ${ORDERS} orders arrive out of order, a tenth of them twice`, async () => {
  const log = logOfOrders(ORDERS);
  const delivered = asDelivered(log);
  expect(delivered.length).toBeGreaterThan(1.05 * log.length);
  await publish(system, delivered);
  await allProjected(system, TIME_LIMIT_MS);
  await expectFoldOf(system, log);
});
