import type { Browser, Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { PUSH_SAMPLE } from '../support/client/push-sample.ts';
import { ADDRESS, customerAndProduct, uniqueId } from '../support/system/api-client.ts';
import { chromiumPath, openBrowser } from '../support/system/browser.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';
import { servePage } from '../support/system/web-site.ts';

const title =
  chromiumPath === undefined
    ? 'a browser page that follows an order (skipped: install Chromium, or set CHROMIUM_PATH)'
    : 'a browser page that follows an order';

describe.skipIf(chromiumPath === undefined)(title, () => {
  let system: TestSystem;
  let site: Awaited<ReturnType<typeof servePage>>;
  let browser: Browser;
  let page: Page;
  const orderId = uniqueId('order');
  const shown = () => page.locator('li').allTextContents();

  /** The page comes from another origin than the API, as in production. */
  it.beforeAll(async ({ shared }) => {
    system = shared;
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const items = [{ productId, quantity: 1 }];
    await system.as('admin').post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS });
    const token = await system.azure.issuer.sign({ roles: ['customer'], customerId, lifetime: 3600 });
    const settings = JSON.stringify({ api: `${system.host.url}/api`, orderId, token });
    const html = `<!doctype html><meta charset="utf-8"><title>Order</title><ul></ul><script type="module">
      ${PUSH_SAMPLE}
      const { api, orderId, token } = ${settings};
      const onChange = ({ version, status }) => {
        document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: version + ' ' + status }));
      };
      watchOrder({ api, orderId, token: async () => token, onChange, stop: new AbortController().signal });
    </script>`;
    site = await servePage(html);
    browser = await openBrowser();
    page = await browser.newPage();
    await page.goto(site.url);
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  it('shows what has happened before', async () => {
    await expect.poll(shown).toEqual(['1 submitted']);
  });

  it('shows a change as soon as it is pushed', async () => {
    await system.as('admin').post(`/orders/${orderId}/confirm`, {});
    await expect.poll(shown).toEqual(['1 submitted', '2 confirmed']);
  });

  it('shows changes that it missed while its connection was down', async () => {
    system.azure.webPubSub.dropConnections();
    await system.as('admin').post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z' });
    await expect.poll(shown).toEqual(['1 submitted', '2 confirmed', '3 shipped']);
  });
});
