import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../scripts/cli/http-request.ts';
import type { ApiClient } from '../../../scripts/import/api-client.ts';
import { createIdleTimeout, verifyOrder } from '../../../scripts/import/verify-order.ts';

const invoice = {
  invoiceNo: '1',
  customerId: '7',
  placedAt: '2011-02-01T08:15:00.000Z',
  lines: [
    { productId: 'A', description: '', quantity: 3, price: 10 },
    { productId: 'B', description: '', quantity: 1, price: 20 },
  ],
};

const document = {
  orderId: '1',
  customerId: '7',
  currency: 'GBP',
  placedAt: '2011-02-01T08:15:00Z',
  total: 0.5,
  items: [
    { line: 1, productId: 'A', quantity: 3, price: 0.1, lineTotal: 0.3 },
    { line: 2, productId: 'B', quantity: 1, price: 0.2, lineTotal: 0.2 },
  ],
};
type Item = Partial<(typeof document.items)[number]>;

/** Verifies the order against one response of the API. */
function verify(answer: Partial<Answer>, idleTimeoutMs = 60_000) {
  const whole: Answer = { status: 200, headers: new Headers(), body: document, milliseconds: 1, ...answer };
  const client: ApiClient = {
    get: () => Promise.resolve(whole),
    post: () => Promise.reject(new Error('nothing is sent while reading back')),
    retries: () => 0,
  };
  return verifyOrder(invoice, client, createIdleTimeout(idleTimeoutMs), new AbortController().signal);
}

const withItem = (index: number, change: Item) => ({
  ...document,
  items: document.items.map((item, each) => (each === index ? { ...item, ...change } : item)),
});

describe('an order read back', () => {
  it('equals its invoice and has the sync lag from Server-Timing', async () => {
    const headers = new Headers({ 'server-timing': 'db;dur=1.5, sync-lag;dur=120.25' });
    await expect(verify({ headers })).resolves.toEqual({ kind: 'equal', syncLagMs: 120.25 });
  });

  it('may have no sync lag', async () => {
    await expect(verify({})).resolves.toEqual({ kind: 'equal', syncLagMs: undefined });
  });

  it.each([
    ['customerId is 8, the file has 7', { ...document, customerId: '8' }],
    ['currency is USD, the file has GBP', { ...document, currency: 'USD' }],
    ['total is 0.51, the file has 0.5', { ...document, total: 0.51 }],
    [
      'placedAt is 2011-02-01T08:16:00.000Z, the file has 2011-02-01T08:15:00.000Z',
      { ...document, placedAt: '2011-02-01T08:16:00Z' },
    ],
    ['items.length is 1, the file has 2', { ...document, items: document.items.slice(0, 1) }],
    ['items.0.line is 2, the file has 1', withItem(0, { line: 2 })],
    ['items.1.productId is A, the file has B', withItem(1, { productId: 'A' })],
    ['items.1.quantity is 2, the file has 1', withItem(1, { quantity: 2 })],
    ['items.0.price is 0.11, the file has 0.1', withItem(0, { price: 0.11 })],
    ['items.0.lineTotal is 0.31, the file has 0.3', withItem(0, { lineTotal: 0.31 })],
  ])('differs when %s', async (detail, body) => {
    await expect(verify({ body })).resolves.toEqual({ kind: 'failed', code: 'differs', detail });
  });

  it('fails when the body is not an order', async () => {
    await expect(verify({ body: { hello: 1 } })).resolves.toMatchObject({ kind: 'failed', code: 'not an order' });
  });

  it('fails when the read model stays behind', async () => {
    const body = { code: 'read-model-behind', detail: 'Version 1 has not arrived.' };
    await expect(verify({ status: 503, body }, 0)).resolves.toEqual({ kind: 'failed', ...body });
  });
});
