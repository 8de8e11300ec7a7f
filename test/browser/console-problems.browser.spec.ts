import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ConsoleSite, startConsoleSite } from '../../local/console/console-site.ts';
import { chromiumPath, openBrowser } from '../support/system/browser.ts';
import { openConsole } from '../support/system/console-page.ts';
import { type PlayedAnswer, type PlayedAnswers, PUSH_URL, playApi, problem } from '../support/system/played-api.ts';

const TOKEN_PORT = 1;
const TIME = '2026-01-01T00:00:00Z';
const PRODUCT = { productId: 'p1', name: 'Lamp', price: 10, currency: 'USD', available: 50, version: 1 };
const LINE = { line: 1, productId: 'p1', productName: 'Lamp', quantity: 1, price: 10, lineTotal: 10 };
const QUOTE = { currency: 'USD', items: [LINE], total: 10 };
const ORDER = {
  ...QUOTE,
  orderId: 'o1',
  customerId: 'c1',
  customerName: 'Ada',
  shippingAddress: null,
  placedAt: TIME,
  lastUpdated: TIME,
  history: [],
};
const PLACED: PlayedAnswer = { status: 202, json: { orderId: 'o1', version: 1, status: 'accepted' } };
const CHANGE = { orderId: 'o1', version: 1, eventType: 'OrderPlaced', timestamp: TIME, status: 'submitted', data: {} };

const customer = (creditAvailable: number): PlayedAnswer => ({
  json: { customerId: 'c1', name: 'Ada', creditAvailable, currency: 'USD' },
});

/** A shop in which an order can be placed. */
const SHOP: PlayedAnswers = {
  'GET /products': () => ({ json: { items: [PRODUCT] } }),
  'GET /customers/c1': () => customer(100),
  'GET /customers/c1/orders': () => ({ json: { items: [] } }),
  'POST /orders/quote': () => ({ json: QUOTE }),
  'POST /orders': () => PLACED,
  'GET /orders/o1': () => ({ json: { orderId: 'o1', version: 1 } }),
  'GET /orders/o1/changes': (request) => {
    const after = Number(new URL(request.url()).searchParams.get('after'));
    return { json: { changes: after === 0 ? [CHANGE] : [], version: 1 } };
  },
  'POST /orders/o1/subscriptions': () => ({ json: { url: PUSH_URL, expiresAt: TIME } }),
};

const title =
  chromiumPath === undefined
    ? 'the console when something fails (skipped: install Chromium, or set CHROMIUM_PATH)'
    : 'the console when something fails';

describe.skipIf(chromiumPath === undefined)(title, () => {
  let site: ConsoleSite;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([
      startConsoleSite({ tokenPort: TOKEN_PORT, webPubSubPort: TOKEN_PORT }),
      openBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Opens a page with an API that this test plays. */
  async function open(path: string, caller: string, answers: PlayedAnswers) {
    let push: ((change: object) => void) | undefined;
    const { page, close } = await openConsole(browser, `http://127.0.0.1:${site.port}${path}`, {
      caller,
      before: async (context) => {
        await context.clock.install();
        ({ push } = await playApi(context, TOKEN_PORT, answers));
      },
    });
    onTestFinished(close);
    return { page, push: (change: object) => push?.(change) };
  }

  async function openCart(answers: PlayedAnswers) {
    const opened = await open('/shop', 'c1', { ...SHOP, ...answers });
    await opened.page.getByRole('button', { name: 'Add to cart Lamp' }).click();
    return { ...opened, placeOrder: opened.page.getByRole('button', { name: 'Place order' }) };
  }

  it('places one order, at the price it showed, although the first answer is lost', async () => {
    const sent: { readonly key: string | undefined; readonly items: unknown }[] = [];
    let isDown = true;
    const { page, placeOrder } = await openCart({
      'POST /orders': (request) => {
        sent.push({ key: request.headers()['idempotency-key'], items: request.postDataJSON().items });
        return isDown ? 'lost' : PLACED;
      },
    });
    await placeOrder.click();
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    await page.clock.fastForward(10_000); // to the end of the retries
    await page.getByRole('alert').getByText('You can safely try again').waitFor();
    isDown = false;
    await placeOrder.click();
    await page.getByText('Order placed').waitFor();
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(sent.at(-1)?.items).toEqual([{ productId: 'p1', quantity: 1, price: 10 }]);
  });

  it('says that the first attempt placed an order when the cart was changed before the second', async () => {
    const keys: (string | undefined)[] = [];
    const { page, placeOrder } = await openCart({
      'POST /orders': (request) => {
        keys.push(request.headers()['idempotency-key']);
        return keys.length === 1 ? problem(422, 'idempotency-key-reused', 'The key was used') : PLACED;
      },
    });
    await placeOrder.click();
    await page.getByRole('alert').getByText('Your first attempt placed an order').waitFor();
    await placeOrder.click();
    await page.getByText('Order placed').waitFor();
    expect(new Set(keys).size).toBe(2);
  });

  it('places no order whose price is unknown, and asks for it again', async () => {
    let answer: PlayedAnswer = problem(500, 'internal-error', 'Something failed');
    const { page, placeOrder } = await openCart({ 'POST /orders/quote': () => answer });
    await page.getByRole('alert').getByText('Something failed').first().waitFor();
    expect(await placeOrder.isDisabled()).toBe(true);
    answer = { json: QUOTE };
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => placeOrder.isEnabled()).toBe(true);
    const quoted = Promise.withResolvers<void>();
    onTestFinished(() => quoted.resolve());
    answer = { json: { ...QUOTE, items: [{ ...LINE, quantity: 2 }], total: 20 } };
    await page.route('**/orders/quote', async (route) => {
      await quoted.promise;
      await route.fallback();
    });
    await page.getByRole('button', { name: 'One more Lamp' }).first().click();
    await expect.poll(() => placeOrder.isDisabled()).toBe(true);
    quoted.resolve();
    await expect.poll(() => placeOrder.isEnabled()).toBe(true);
  });

  it('reads credit and stock again once the order can be read, and says why it is not watched', async () => {
    const projected = Promise.withResolvers<void>();
    let isProjected = false;
    onTestFinished(() => projected.resolve());
    const { page, placeOrder } = await openCart({
      'GET /orders/o1': async () => {
        await projected.promise;
        return { json: { orderId: 'o1', version: 1 } };
      },
      'GET /customers/c1': () => customer(isProjected ? 90 : 100),
      'GET /products': () => ({ json: { items: [{ ...PRODUCT, available: isProjected ? 49 : 50 }] } }),
      'POST /orders/o1/subscriptions': () => problem(403, 'forbidden', 'The role may not do this'),
    });
    await placeOrder.click();
    const order = page.getByRole('region', { name: 'Your order' });
    await order.waitFor();
    await page.getByText('$100.00').waitFor();
    isProjected = true;
    projected.resolve();
    await page.getByText('$90.00').waitFor();
    await page.getByText('49 in stock').waitFor();
    await order.getByText('The role may not do this').waitFor();
  });

  it('watches an order although a read of it fails, and says what was pushed', async () => {
    let credit = 100;
    const { page, push, placeOrder } = await openCart({
      'GET /orders/o1': () => problem(500, 'internal-error', 'Something failed'),
      'GET /customers/c1': () => customer(credit),
    });
    await placeOrder.click();
    const order = page.getByRole('region', { name: 'Your order' });
    await order.getByText('Something failed').waitFor();
    await order.getByText('version 1, submitted: read at the start').waitFor();
    credit = 80;
    push({ ...CHANGE, version: 2, status: 'confirmed' });
    await order.getByText('version 2, confirmed').waitFor();
    await order.getByText('live', { exact: true }).waitFor();
    await page.getByText('$80.00').waitFor();
  });

  it('shows only the steps of the last command', async () => {
    let version = 1;
    let status = 'submitted';
    let searched: number | undefined;
    let searches = 0;
    const accept = (next: string) => (): PlayedAnswer => {
      version += 1;
      status = next;
      return { status: 202, json: { orderId: 'o1', version, orderStatus: status, total: 10, status: 'accepted' } };
    };
    const { page } = await open('/orders/o1', 'admin', {
      ...SHOP,
      'GET /orders/o1': () => ({ json: { ...ORDER, version, status } }),
      'GET /orders/o1/current': () => ({ json: { ...ORDER, version, status } }),
      'GET /orders': () => {
        searches += 1;
        return { json: { items: searched === undefined ? [] : [{ orderId: 'o1', version: searched }] } };
      },
      'POST /orders/o1/confirm': accept('confirmed'),
      'POST /orders/o1/ship': accept('shipped'),
    });
    searched = 1;
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('Confirm: done').waitFor();
    await page.getByRole('button', { name: 'Ship', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ship', exact: true }).click();
    await page.getByText('Ship: done').waitFor();
    searched = 2; // the version of the first command
    const before = searches;
    await expect.poll(() => searches).toBeGreaterThan(before + 3);
    const trace = page.locator('section', { hasText: 'Your last command' }).last();
    expect(await trace.getByText('Order search').count()).toBe(0);
    searched = 3;
    await trace.getByText('Order search').waitFor();
  });

  it('shows the other pages after one cannot be loaded, and that one after a reload', async () => {
    const { page } = await open('/orders', 'c1', SHOP);
    const shopFile = '**/assets/shop-page*.js';
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    await page.route(shopFile, (route) => route.fulfill({ status: 404 }));
    await page.getByRole('link', { name: 'Shop', exact: true }).click();
    await page.getByRole('alert').getByText('This page cannot be loaded').waitFor();
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('link', { name: 'Shop', exact: true }).click();
    await page.unroute(shopFile);
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('button', { name: 'Add to cart Lamp' }).waitFor();
  });
});
