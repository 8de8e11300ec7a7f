import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADDRESS, customerAndProduct } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

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
