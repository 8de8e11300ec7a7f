/** Makes the images of README.md and docs/console.md from a system with some traffic: `npm run screenshots`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readOptions } from '../../scripts/cli/read-options.ts';
import { SALES_DAILY } from '../../src/shared/read-models/containers.ts';
import { orderPlaced } from '../support/events/events.ts';
import { addDeadLetter } from '../support/shop/dead-letters.ts';
import { replayToTheEnd, startReplay } from '../support/shop/replays.ts';
import { seed } from '../support/shop/seed-console.ts';
import { ADDRESS } from '../support/system/api-client.ts';
import { openBrowser } from '../support/system/browser.ts';
import { type ConsolePageOptions, openConsole } from '../support/system/console-page.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

const HELP = `Makes the images of README.md and docs/console.md, in two minutes. They need Chromium.

  npm run screenshots [-- options]

  --out <folder>  where the images go (default: docs/images, which replaces the images of the documentation)
  --help          this text`;

/** How long (ms) orders are placed before the first image, so that the charts have something to show. */
const TRAFFIC_MS = 60_000;
const PAUSE_MS = 120;
const HOUR_MS = 3_600_000;
const KATHERINE = { customerId: 'c3', name: 'Katherine Johnson', email: 'katherine@example.com' };
/** Tall enough for the picture of the system and the first charts. */
const IMAGE = { width: 1280, height: 1012 };

const { values } = readOptions({
  options: { out: { type: 'string', default: 'docs/images' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
await mkdir(values.out, { recursive: true });
const system = await startSystem({}, { withConsole: true });
const browser = await openBrowser();
await seed(system);
await placeEarlier(system);
await shoot('sales', '/sales', { caller: 'analyst' }, async (page) => {
  await page.locator('canvas').first().waitFor();
  await pause(3_000);
});
const stopTraffic = startTraffic(system);
await pause(TRAFFIC_MS);
await shoot('now', '/now', {}, async (page) => {
  await page.locator('canvas').first().waitFor();
  await pause(3_000);
});
await shoot('shop', '/shop', { theme: 'dark', caller: 'c1' }, async (page) => {
  await page.getByRole('button', { name: 'Add to cart Brass desk lamp' }).click();
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.getByText('version 1, submitted').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
});
await shoot('events', '/events', {}, async (page) => {
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Order confirmed' }).first().click();
  await page.getByText('Follows its schema').waitFor();
});
await stopTraffic();
const letGo = system.azure.cosmosDb.injectFault({ status: 503, container: SALES_DAILY.name });
await shoot('read-models', '/read-models', {}, async (page) => {
  await startReplays(system);
  await page.getByRole('button', { name: '4 partitions' }).first().click();
  await page.getByRole('region', { name: 'Replay of Sales daily' }).waitFor();
  await page.getByText('Completed', { exact: true }).nth(1).waitFor();
});
letGo();
await addDeadLetters(system);
await shoot('dead-letters', '/dead-letters', { theme: 'dark' }, async (page) => {
  await page.getByRole('button', { name: 'Event and schema' }).first().click();
  await page
    .getByText(/its schema/)
    .first()
    .waitFor();
});
await shoot('privacy', '/privacy?customerId=c2', { theme: 'dark', size: 'phone' }, async (page) => {
  await page.getByRole('button', { name: 'Erase the customer' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('c2');
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('Nothing is left').waitFor();
});
await browser.close();
await system.stop();

async function shoot(
  name: string,
  path: string,
  options: ConsolePageOptions,
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, close } = await openConsole(browser, `http://localhost:${system.host.port}${path}`, options);
  await prepare(page);
  await page.evaluate('document.fonts.ready');
  if (options.size !== 'phone') await page.setViewportSize(IMAGE);
  await page.screenshot({ path: join(values.out, `${name}.png`) });
  await close();
}

/** Places orders of the last month, two or three a day. */
async function placeEarlier({ as }: TestSystem): Promise<void> {
  const admin = as('admin');
  await admin.post('/customers', { ...KATHERINE, creditLimit: 50_000 });
  await admin.post('/products/p4/stock', { delta: 500, reason: 'A new delivery' });
  for (let count = 0; count < 70; count++) {
    const placedAt = new Date(Date.now() - count * 10 * HOUR_MS).toISOString();
    const items = [{ productId: count % 4 === 0 ? 'p2' : 'p4', quantity: 1 + ((count * 7) % 5) }];
    const order = { customerId: KATHERINE.customerId, items, shippingAddress: ADDRESS, placedAt };
    const { body } = await admin.post('/orders', order);
    if (count % 9 === 4) await admin.post(`/orders/${body.orderId}/cancel`, { reason: 'Ordered twice' });
  }
}

/** Places, confirms and reads orders until it is stopped. Some are refused, as in a real shop. */
function startTraffic({ as }: TestSystem): () => Promise<void> {
  const admin = as('admin');
  let stopped = false;
  const turn = async (count: number) => {
    const items = [{ productId: count % 3 === 0 ? 'p2' : 'p1', quantity: 1 + (count % 3) }];
    const customerId = count % 4 === 0 ? 'c2' : 'c1';
    const { status, body } = await admin.post('/orders', { customerId, items, shippingAddress: ADDRESS });
    if (status === 202 && count % 2 === 0) await admin.post(`/orders/${body.orderId}/confirm`, {});
    await admin.get('/products');
    await admin.get('/orders?q=ada');
    await pause(PAUSE_MS);
  };
  const run = async () => {
    for (let count = 0; !stopped; count++) await turn(count);
  };
  const running = run();
  return async () => {
    stopped = true;
    await running;
  };
}

/** Two replays that complete, and one that is held by a fault. */
async function startReplays(of: TestSystem): Promise<void> {
  await replayToTheEnd(of, { readModel: 'order_search' });
  await replayToTheEnd(of, { readModel: 'order_details', from: new Date(Date.now() - TRAFFIC_MS / 2).toISOString() });
  await startReplay(of, { readModel: 'sales_daily' });
}

async function addDeadLetters(of: TestSystem): Promise<void> {
  for (const aggregateId of ['order-1', 'order-2', 'order-3']) {
    const event = orderPlaced({ aggregateId });
    const withoutTotal = JSON.stringify({ ...event, data: { ...event.data, total: undefined } });
    await addDeadLetter(of, withoutTotal, { reason: 'the projection failed: total is undefined' });
  }
  await addDeadLetter(of, 'ping', { readModel: 'order_search', reason: 'it is not a JSON object with an eventType' });
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
