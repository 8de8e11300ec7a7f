import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { seed } from '../support/shop/seed-console.ts';
import { ADDRESS } from '../support/system/api-client.ts';
import { axeFindings } from '../support/system/axe.ts';
import { chromiumPath, openBrowser } from '../support/system/browser.ts';
import { type ConsolePageOptions, openConsole, SIZES, THEMES } from '../support/system/console-page.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** A change of theme or size is complete in the frame after the next. */
const NEXT_FRAME = 'new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => shown())))';

const title =
  chromiumPath === undefined ? 'the console (skipped: install Chromium, or set CHROMIUM_PATH)' : 'the console';

describe.skipIf(chromiumPath === undefined)(title, () => {
  let system: TestSystem;
  let browser: Browser;
  let orderId: string;
  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({}, { withConsole: true }), openBrowser()]);
    orderId = await seed(system);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  /** Opens a page, by default as an admin, and closes it with the test. */
  async function open(path: string, options?: ConsolePageOptions) {
    const opened = await openConsole(browser, `http://localhost:${system.host.port}${path}`, options);
    onTestFinished(() => opened.close());
    return opened;
  }

  /** Each page, and what it shows once it has read everything. */
  const pages = [
    { name: 'Now', path: '/now', caller: 'admin', shown: 'Commands by outcome' },
    { name: 'Orders', path: '/orders', caller: 'admin', shown: 'Ada Lovelace' },
    { name: 'an order', path: 'order', caller: 'admin', shown: 'Every field is the same' },
    { name: 'Shipments', path: '/orders', caller: 'warehouse', shown: 'What is confirmed' },
    { name: 'Shop', path: '/shop', caller: 'c1', shown: 'Walnut desk organizer' },
    { name: 'the way into the shop', path: '/shop', caller: 'admin', shown: 'Shop as Ada Lovelace' },
  ];

  it.each(pages)(
    'shows $name in both themes and sizes: accessible, not wider than the screen, without errors',
    async (one) => {
      const { page, log } = await open(one.path === 'order' ? `/orders/${orderId}` : one.path, one);
      await page.getByRole('main').getByText(one.shown).first().waitFor();
      for (const colorScheme of THEMES) {
        for (const viewport of Object.values(SIZES)) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(viewport);
          await page.evaluate(NEXT_FRAME);
          expect(await axeFindings(page)).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
        }
      }
      expect(log).toEqual([]);
    },
  );

  it('opens on Now as the admin, also at 127.0.0.1', async () => {
    const { page, log } = await openConsole(browser, `http://127.0.0.1:${system.host.port}/`);
    await page.getByRole('heading', { name: 'Now', exact: true }).waitFor();
    await page.getByText('All is well').waitFor();
    await page.getByRole('heading', { name: 'Orders per minute' }).waitFor();
    expect(page.url()).toMatch(/\/now$/);
    expect(log).toEqual([]);
    await page.context().close();
  });

  it('shows each role only its pages', async () => {
    const { page } = await open('/now', { caller: 'analyst' });
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Orders', 'Shop']);
  });

  it('takes an order from the cart to its delivery by clicks alone', async () => {
    const { page, log } = await open('/now');
    await page.getByRole('link', { name: 'Shop', exact: true }).click();
    await page.getByRole('button', { name: 'Shop as Ada Lovelace' }).click();
    await page.getByRole('button', { name: 'Add to cart Brass desk lamp' }).click();
    await page.getByRole('button', { name: 'One more Brass desk lamp' }).first().click();
    await page.getByText('$238.00').first().waitFor();
    await page.getByRole('button', { name: 'Place order' }).click();
    const order = page.getByRole('region', { name: 'Your order' });
    await order.getByText('version 1, submitted').waitFor();
    await order.getByText('version 1 is there').waitFor();
    await order.getByRole('button', { name: 'Confirm it as admin' }).click();
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('Confirm: done').waitFor();
    await page.getByText('Pushed to this page').waitFor();
    await page.getByRole('button', { name: 'Ship', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ship', exact: true }).click();
    await page.getByText('Ship: done').waitFor();
    await page.getByRole('button', { name: 'Deliver', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver', exact: true }).click();
    await page.getByText('Deliver: done').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Order delivered' }).waitFor();
    expect(log).toEqual([]);
  });

  it('shows a change in the shop as soon as somebody else makes it', async () => {
    const { page } = await open('/shop', { caller: 'c1' });
    await page.getByRole('button', { name: 'Add to cart Linen desk mat' }).click();
    await page.getByRole('button', { name: 'Place order' }).click();
    const order = page.getByRole('region', { name: 'Your order' });
    await order.getByText('version 1, submitted').waitFor();
    const { body } = await system.as('customer', 'c1').get('/customers/c1/orders?limit=1');
    await system.as('admin').post(`/orders/${body.items[0].orderId}/confirm`, {});
    await order.getByText('version 2, confirmed').waitFor();
  });

  it('shows the order as of an earlier version, and what that version changed', async () => {
    const { page } = await open(`/orders/${orderId}`);
    const slider = page.getByRole('slider', { name: 'Version of the order' });
    await slider.press('Home');
    await page.getByText('This is the order’s first version.').waitFor();
    await slider.press('ArrowRight');
    await page.getByLabel('What this version changed').getByText('confirmed').waitFor();
  });

  it('takes back what it showed when the API refuses a command, and says why', async () => {
    const items = [{ productId: 'p1', quantity: 1 }];
    const placed = await system.as('admin').post('/orders', { customerId: 'c1', items, shippingAddress: ADDRESS });
    const { page } = await open(`/orders/${placed.body.orderId}`);
    await page.getByRole('button', { name: 'Confirm', exact: true }).waitFor();
    await page.route('**/confirm', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'urn:orders:problem:invalid-transition',
          title: 'The order is not in a state that allows this',
          status: 409,
          detail: 'Somebody was faster.',
          code: 'invalid-transition',
        }),
      }),
    );
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByRole('alert').getByText('Somebody was faster.').waitFor();
    await page.getByText('Submitted', { exact: true }).first().waitFor();
  });

  it('says since when the figures are unknown while the API is down, and recovers', async () => {
    const { page } = await open('/now');
    await page.getByText('All is well').waitFor();
    await page.route('**/admin/overview', (route) => route.abort());
    await page
      .getByText(/unknown since \d\d:\d\d:\d\d/i)
      .first()
      .waitFor();
    await page.unroute('**/admin/overview');
    await page.getByText('All is well').waitFor();
  });

  it('copies a request as a line for a shell, without the token', async () => {
    const { page } = await open(`/orders/${orderId}`);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    const line = await page.evaluate('navigator.clipboard.readText()');
    expect(line).toBe(
      `curl -i 'http://localhost:${system.host.port}/api/orders/${orderId}?include=history,tracking' -H "Authorization: Bearer $TOKEN"`,
    );
  });

  it('can be used with the keyboard: from the link to the content to a page', async () => {
    const { page } = await open('/now');
    await page.getByText('All is well').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.getByRole('link', { name: 'Orders', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });

  it('keeps a chosen theme', async () => {
    const { page } = await open('/orders');
    await page.getByRole('button', { name: 'Theme: system. Switch.' }).click();
    await page.getByRole('button', { name: 'Theme: light. Switch.' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark. Switch.' }).waitFor();
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
  });
});
