import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ORDER_SEARCH } from '../../src/shared/read-models/containers.ts';
import { orderPlaced } from '../support/events/events.ts';
import { addDeadLetter } from '../support/shop/dead-letters.ts';
import { seed } from '../support/shop/seed-console.ts';
import { ADDRESS, uniqueId } from '../support/system/api-client.ts';
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

  /** Adds a dead letter with an event that the system can project, and redrives it after the test. */
  async function waitingLetter() {
    const event = JSON.stringify(orderPlaced({ aggregateId: uniqueId('order') }));
    const id = await addDeadLetter(system, event);
    onTestFinished(async () => void (await system.as('admin').post(`/admin/dead-letters/${id}/redrive`, {})));
  }

  /** Each page, what it shows once it has read everything, and what is opened in it. */
  const pages: readonly {
    readonly name: string;
    readonly path: string;
    readonly caller: string;
    readonly shown: string;
    readonly opened?: string;
    readonly prepare?: () => Promise<void>;
  }[] = [
    { name: 'Now', path: '/now', caller: 'admin', shown: 'Commands by outcome' },
    { name: 'Orders', path: '/orders', caller: 'admin', shown: 'Ada Lovelace' },
    { name: 'an order', path: 'order', caller: 'admin', shown: 'Every field is the same' },
    { name: 'Shipments', path: '/orders', caller: 'warehouse', shown: 'What is confirmed' },
    { name: 'Shop', path: '/shop', caller: 'c1', shown: 'Walnut desk organizer' },
    { name: 'Events', path: '/events', caller: 'admin', shown: 'Order confirmed', opened: 'Order confirmed' },
    { name: 'Sales', path: '/sales', caller: 'analyst', shown: 'Average order value' },
    { name: 'Privacy', path: '/privacy', caller: 'admin', shown: 'ada@example.com' },
    {
      name: 'what is held about a customer',
      path: '/privacy?customerId=c1',
      caller: 'admin',
      shown: 'Customer orders',
    },
    { name: 'the way into the shop', path: '/shop', caller: 'admin', shown: 'Shop as Ada Lovelace' },
    { name: 'Read models', path: '/read-models', caller: 'admin', shown: 'No replay has', opened: '4 partitions' },
    {
      name: 'Dead letters',
      path: '/dead-letters',
      caller: 'admin',
      shown: 'older',
      opened: 'Event and schema',
      prepare: waitingLetter,
    },
    { name: 'the runbook', path: '/runbook/redrive-dead-letters', caller: 'admin', shown: 'Repeating is harmless' },
  ];

  it.each(pages)(
    'shows $name in both themes and sizes: accessible, not wider than the screen, without errors',
    async (one) => {
      await one.prepare?.();
      const { page, log } = await open(one.path === 'order' ? `/orders/${orderId}` : one.path, one);
      await page.getByRole('main').getByText(one.shown).first().waitFor();
      if (one.opened !== undefined) await page.getByRole('button', { name: one.opened }).first().click();
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
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Orders', 'Shop', 'Sales']);
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
    await page.getByText('Published to the hub').waitFor();
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
    const link = await order.getByRole('link', { name: 'Open the order' }).getAttribute('href');
    const { status } = await system.as('admin').post(`${link}/confirm`, {});
    expect(status).toBe(202);
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

  it('says since when the figures of an app are unknown of which no instance is seen', async () => {
    const { page } = await open('/orders');
    await page.route('**/admin/overview', async (route) => {
      const response = await route.fetch();
      const overview = await response.json();
      const apps = overview.apps.map(({ app }: { readonly app: string }) => ({
        app,
        instances: app === 'commands' ? 0 : 1,
        lastSeen: '2026-03-01T10:00:00.000Z',
      }));
      await route.fulfill({ response, json: { ...overview, apps } });
    });
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    const tile = (name: string) => page.locator('.tile').filter({ hasText: name });
    await tile('Commands')
      .getByText(/unknown since \d\d:00:00/)
      .waitFor();
    await tile('Outbox')
      .getByText(/unknown since \d\d:00:00/)
      .waitFor();
    expect(await tile('Queries').textContent()).not.toContain('unknown');
  });

  it('says that no changes are pushed when the subscription is refused', async () => {
    const { page } = await open('/orders');
    const json = { title: 'Web PubSub is down', status: 403, detail: 'Nothing is pushed.', code: 'forbidden' };
    await page.route('**/admin/subscriptions', (route) => route.fulfill({ status: 403, json }));
    await page.getByRole('link', { name: 'Now', exact: true }).click();
    await page.getByRole('alert').getByText('Nothing is pushed.').waitFor();
  });

  it('shows no sales of other days while those of the chosen days cannot be read', async () => {
    const { page } = await open('/sales', { caller: 'analyst' });
    const figure = page.getByText('Average order value');
    await figure.waitFor();
    const json = {
      title: 'The request is not valid',
      status: 400,
      detail: 'Too many days.',
      code: 'validation-failed',
    };
    await page.route('**/analytics/daily?*', (route) => route.fulfill({ status: 400, json }));
    await page.getByLabel('From').fill('2020-01-01');
    await page.getByText('Too many days.').first().waitFor();
    expect(await figure.count()).toBe(0);
  });

  it('shows the event of a new order at once, what is encrypted in it, and the tree of its request', async () => {
    const { page, log } = await open('/events');
    await page.getByRole('button', { name: 'Order confirmed' }).first().waitFor();
    const items = [{ productId: 'p1', quantity: 1 }];
    const order = { orderId: 'tailed-1', customerId: 'c1', items, shippingAddress: ADDRESS };
    await system.as('admin').post('/orders', order, { 'x-correlation-id': 'tailed-request' });
    const row = page.getByRole('listitem').filter({ hasText: 'tailed-1' });
    await row.getByRole('button', { name: 'Order placed' }).click();
    await row.getByText('Follows its schema').waitFor();
    await row.getByRole('row').filter({ hasText: 'customerName' }).getByText('encrypted').waitFor();
    await page.getByLabel('Correlation id').fill('tailed-request');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('caused 1 command and 1 event').waitFor();
    await page.getByLabel('Causation tree').getByRole('button', { name: 'Order placed' }).waitFor();
    expect(log).toEqual([]);
  });

  it('erases a customer by clicks, and proves that no store has personal data any more', async () => {
    const customer = { customerId: 'gone', name: 'Zerlina Quirk', email: 'zq@example.com', creditLimit: 1_000 };
    const admin = system.as('admin');
    await admin.post('/customers', customer);
    const items = [{ productId: 'p1', quantity: 1 }];
    const { body } = await admin.post('/orders', { customerId: 'gone', items, shippingAddress: ADDRESS });
    await admin.post(`/orders/${body.orderId}/confirm`, {});
    await admin.get(`/orders/${body.orderId}?minVersion=2`);
    const { page, log } = await open('/privacy');
    await page.getByRole('searchbox').fill('zerlina');
    await page.getByRole('link', { name: 'Zerlina Quirk' }).click();
    await page.getByRole('button', { name: 'Erase the customer' }).click();
    const erase = page.getByRole('dialog').getByRole('button', { name: 'Erase for good' });
    expect(await erase.isDisabled()).toBe(true);
    await page.getByRole('dialog').getByRole('textbox').fill('gone');
    await erase.click();
    await page.getByText('The erasure is accepted').waitFor();
    await page.getByText('Correlation id').waitFor();
    await page.getByRole('status', { name: 'Proof' }).getByText('Nothing is left').waitFor();
    for (const part of ['Write model', 'Event log', 'Read models', 'Search']) {
      const region = page.getByRole('region', { name: part });
      await region.getByText('erased after').first().waitFor();
      expect(await region.getByText(/\d personal value/).count()).toBe(0);
    }
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.getByRole('main').textContent()).not.toMatch(/zerlina|quirk|zq@/i);
    expect(log).toEqual([]);
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

  it('redrives a dead letter, and discards one that fails again, by clicks alone', async () => {
    await waitingLetter();
    await addDeadLetter(system, 'no event', { readModel: 'order_search', reason: 'it was no event' });
    const { page, log } = await open('/now');
    await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
    const group = page.getByRole('region', { name: 'Order details: an older version could not project it' });
    await group.getByRole('button', { name: 'Event and schema' }).click();
    await group.getByText('Follows its schema').waitFor();
    await group.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByText('The dead letter is redriven').waitFor();
    await page.getByText(/^Correlation id [0-9a-f-]{36}$/).waitFor();
    await group.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Redrive all 1' }).click();
    await page.getByRole('alert').getByText('1 dead letter failed again').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('A test message');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByText('The dead letter is discarded').waitFor();
    await page.getByText('Nothing waits').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Discarded');
    await page.getByText('Discarded: A test message').waitFor();
    await page.getByRole('link', { name: 'how to redrive' }).click();
    await page.getByRole('heading', { name: 'Redrive dead letters' }).waitFor();
    expect(log).toEqual([]);
  });

  it('shows what a replay costs, starts and watches one and cancels another by clicks, and says since when the lag is unknown', async () => {
    const { page, log } = await open('/now');
    await page.getByRole('link', { name: 'Read models', exact: true }).click();
    const hold = () => system.azure.cosmosDb.injectFault({ status: 503, container: ORDER_SEARCH.name });
    const start = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page
        .getByText(/^\d[\d,.K]* RU$/)
        .first()
        .waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Start the replay' }).click();
      await page.getByText('The replay has started').waitFor();
      await page.getByText(/^Correlation id [0-9a-f-]{36}$/).waitFor();
    };
    let letGo = hold();
    onTestFinished(() => letGo());
    await start('Replay Order search');
    const search = page.getByRole('region', { name: 'Replay of Order search' });
    await search.getByRole('progressbar').waitFor();
    await search.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the replay' }).click();
    await page.getByText('The replay is cancelled').waitFor();
    letGo();
    letGo = hold();
    await start('Replay all');
    const all = page.getByRole('region', { name: 'Replay of All read models' });
    await all.getByRole('progressbar').waitFor();
    letGo();
    await all.waitFor({ state: 'detached' });
    await page.getByText('Completed', { exact: true }).waitFor();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect(log).toEqual([]);
    await page.route('**/admin/overview', (route) => route.abort());
    await page
      .getByRole('region', { name: 'Lag' })
      .getByText(/^Unknown since \d\d:\d\d:\d\d$/)
      .waitFor();
  });
});
