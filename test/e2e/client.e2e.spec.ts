import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { type ClientProject, installPackedClient } from '../support/client/packed-client.ts';
import { seedSystem } from '../support/shop/seed-system.ts';
import { ADDRESS, customerAndProduct } from '../support/system/api-client.ts';
import { chromiumPath, openBrowser } from '../support/system/browser.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';
import { servePage } from '../support/system/web-site.ts';

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

/** `fetch` sets Origin and the headers of a preflight request only in a browser. */
function preflight(path: string, method: string, headers: readonly string[]) {
  return new Promise<Record<string, unknown>>((resolve, reject) => {
    const sent = request(`${system.host.url}/api${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': method,
        'access-control-request-headers': headers.join(','),
      },
    });
    sent.once('response', (response) => resolve({ status: response.statusCode, ...response.resume().headers }));
    sent.once('error', reject).end();
  });
}

const SENT_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'prefer', 'x-correlation-id'];

it.each([
  ['POST', '/orders'],
  ['PUT', '/orders/o-1/shipping-address'],
  ['DELETE', '/orders/o-1/items/p-1'],
  ['GET', '/orders/o-1'],
])('a page of another origin may send %s %s with every header of the API', async (method, path) => {
  expect(await preflight(path, method, SENT_HEADERS)).toMatchObject({
    status: 204,
    'access-control-allow-origin': '*',
    'access-control-allow-methods': method,
    'access-control-allow-headers': SENT_HEADERS.join(','),
  });
});

it('a page of another origin may read the response and the headers of the API', async () => {
  const admin = system.as('admin');
  const { customerId, productId } = await customerAndProduct(admin);
  const order = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
  const { status, headers } = await admin.post('/orders', order, { origin: 'https://shop.example' });
  expect([status, headers.get('access-control-allow-origin')]).toEqual([202, '*']);
  expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(
    expect.arrayContaining(['ETag', 'Location', 'Retry-After', 'Idempotency-Replayed', 'x-correlation-id']),
  );
});

it('a page of another origin may read a problem', async () => {
  const { status, headers } = await system.as('admin').get('/orders/none', { origin: 'https://shop.example' });
  expect([status, headers.get('access-control-allow-origin')]).toEqual([404, '*']);
  expect(headers.get('access-control-expose-headers')).toContain('x-correlation-id');
});

describe('the packed client', () => {
  let project: ClientProject;
  const url = () => `${system.host.url}/api`;
  const customerToken = () => system.azure.issuer.sign({ roles: ['customer'], customerId: 'c1', lifetime: 3600 });

  beforeAll(async () => {
    [project] = await Promise.all([installPackedClient(), seedSystem(system)]);
  });
  afterAll(() => project.remove());

  it('contains what is built from its own sources, and nothing else', async () => {
    const files = await project.files();
    expect(files.filter((file) => !file.startsWith('dist/'))).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']));
    expect(files.filter((file) => !/\.(d\.ts|js)$/.test(file) && file.startsWith('dist/'))).toEqual([]);
  });

  it('has types with which every example of its README compiles', async () => {
    await project.typecheck();
  });

  it('runs in Node: places an order, reads its own write and cancels', async () => {
    const env = { ORDERS_URL: url(), ORDERS_TOKEN: await customerToken() };
    expect(await project.run('place-order.ts', env)).toBe('submitted 1\ncancelled 2\n');
  });

  const inBrowser = 'runs in a browser: reads a list, places an order, watches it and sees a problem';
  const missing = ' (skipped: install Chromium, or set CHROMIUM_PATH)';
  it.skipIf(chromiumPath === undefined)(chromiumPath === undefined ? inBrowser + missing : inBrowser, async () => {
    const settings = { baseUrl: url(), token: await customerToken() };
    const script = await project.bundle(`
      import { createOrdersClient, isProblem } from 'cqrs-orders-client';
      import { cheapest } from './cheapest.ts';
      import { showChanges } from './show-changes.ts';

      const orders = createOrdersClient(${JSON.stringify(settings)});
      const list = document.querySelector('ul');
      const shippingAddress = ${JSON.stringify(ADDRESS)};
      const item = { productId: 'p3', quantity: 1 };
      const placed = await orders.POST('/orders', { body: { customerId: 'c1', items: [item], shippingAddress } });
      const refused = await orders
        .POST('/orders', { body: { customerId: 'c1', items: [{ ...item, quantity: 1000 }], shippingAddress } })
        .catch((error) => isProblem(error, 'insufficient-stock') && error.code);
      document.title = [placed.data.orderId, placed.response.headers.get('ETag'), refused].join(' ');
      document.querySelector('p').textContent = await cheapest(orders, 'leather');
      await showChanges(orders, placed.data.orderId, list, new AbortController().signal);
    `);
    const site = await servePage(
      `<!doctype html><meta charset="utf-8"><p></p><ul></ul><script type="module">${script}</script>`,
    );
    onTestFinished(site.close);
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(site.url);

    const shown = () => page.locator('li').allTextContents();
    await expect.poll(shown).toEqual(['1 submitted']);
    const [orderId, etag, refused] = (await page.title()).split(' ');
    expect([etag, refused]).toEqual(['"1"', 'insufficient-stock']);
    expect(await page.locator('p').textContent()).toBe('Leather notebook');
    await system.as('admin').post(`/orders/${orderId}/confirm`, {});
    await expect.poll(shown).toEqual(['1 submitted', '2 confirmed']);
    system.azure.webPubSub.dropConnections();
    await system.as('admin').post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z' });
    await expect.poll(shown).toEqual(['1 submitted', '2 confirmed', '3 shipped']);
  });
});
