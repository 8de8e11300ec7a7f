import { describe, expect, it } from 'vitest';
import { type ApiClient, createApiClient } from '../../../scripts/import/api-client.ts';
import { createIdleTimeout, verifyOrder } from '../../../scripts/import/verify-order.ts';
import { clientOf, type FakeAnswer, ok, problem } from '../../support/client/fake-fetch.ts';

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
function verify(answer: FakeAnswer, idleTimeoutMs = 60_000) {
  const { orders } = clientOf([answer], { retry: { timeoutMs: 0 } });
  const client: ApiClient = { ...createApiClient({ url: 'https://orders.example/api', token: '' }), orders };
  return verifyOrder(invoice, client, createIdleTimeout(idleTimeoutMs), new AbortController().signal);
}

const withItem = (index: number, change: Item) => ({
  ...document,
  items: document.items.map((item, each) => (each === index ? { ...item, ...change } : item)),
});

describe('an order read back', () => {
  it('equals its invoice and has the sync lag from Server-Timing', async () => {
    const headers = { 'server-timing': 'db;dur=1.5, sync-lag;dur=120.25' };
    await expect(verify(() => Response.json(document, { headers }))).resolves.toEqual({
      kind: 'equal',
      syncLagMs: 120.25,
    });
  });

  it('may have no sync lag', async () => {
    await expect(verify(ok(document))).resolves.toEqual({ kind: 'equal', syncLagMs: undefined });
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
    await expect(verify(ok(body))).resolves.toEqual({ kind: 'failed', code: 'differs', detail });
  });

  it('fails when the body is not an order', async () => {
    await expect(verify(ok({ hello: 1 }))).resolves.toMatchObject({ kind: 'failed', code: 'not an order' });
  });

  it('fails when the read model stays behind', async () => {
    await expect(verify(problem(503, 'read-model-behind'), 0)).resolves.toEqual({
      kind: 'failed',
      code: 'read-model-behind',
      detail: 'The detail of read-model-behind.',
    });
  });
});
