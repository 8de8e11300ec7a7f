import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  accepted,
  clientOf,
  collect,
  dropped,
  type FakeAnswer,
  noContent,
  ok,
  problem,
} from '../../support/client/fake-fetch.ts';
import { change } from '../../support/client/fake-push.ts';

const order = (orderId = 'o1') => ({ params: { path: { orderId } } });
const document = ok({ orderId: 'o1', status: 'confirmed', version: 2 });
const targets = (sent: readonly Request[]) => sent.map(({ url }) => url.replace('https://orders.example/api', ''));

describe('reading an order after writing it', () => {
  it('waits for the version that was written', async () => {
    const { orders, sent } = clientOf([accepted(2), document]);
    await orders.POST('/orders/{orderId}/confirm', order());
    await orders.GET('/orders/{orderId}', { params: { path: { orderId: 'o1' }, query: { include: 'history' } } });
    expect(targets(sent)[1]).toBe('/orders/o1?include=history&minVersion=2');
    expect(sent[1]?.headers.get('authorization')).toBe('Bearer secret');
  });

  it('asks again while the read model is behind', async () => {
    const { orders, sent } = clientOf([
      accepted(2),
      problem(503, 'read-model-behind', { 'retry-after': '0' }),
      document,
    ]);
    await orders.POST('/orders/{orderId}/confirm', order());
    const { data } = await orders.GET('/orders/{orderId}', order());
    expect([data.version, sent.length]).toEqual([2, 3]);
  });

  it('keeps the newest version when responses come in another order', async () => {
    const { orders, sent } = clientOf([accepted(3), accepted(2), document]);
    await orders.POST('/orders/{orderId}/confirm', order());
    await orders.POST('/orders/{orderId}/confirm', order());
    await orders.GET('/orders/{orderId}', order());
    expect(targets(sent)[2]).toBe('/orders/o1?minVersion=3');
  });

  it('leaves a minVersion of the caller as it is', async () => {
    const { orders, sent } = clientOf([accepted(2), document]);
    await orders.POST('/orders/{orderId}/confirm', order());
    await orders.GET('/orders/{orderId}', { params: { path: { orderId: 'o1' }, query: { minVersion: 1 } } });
    expect(targets(sent)[1]).toBe('/orders/o1?minVersion=1');
  });

  it('does not wait for other orders, other documents and rejected commands', async () => {
    const { orders, sent } = clientOf([accepted(2), problem(409, 'invalid-transition'), document]);
    await orders.POST('/orders/{orderId}/confirm', order('o/1'));
    await expect(orders.POST('/orders/{orderId}/confirm', order('o2'))).rejects.toThrow();
    await orders.GET('/orders/{orderId}', order('o2'));
    await orders.GET('/orders/{orderId}/current', order());
    await orders.GET('/products/{productId}', { params: { path: { productId: 'o1' } } });
    expect(targets(sent).slice(2)).toEqual(['/orders/o2', '/orders/o1/current', '/products/o1']);
  });

  it('forgets the oldest of more than a thousand orders', async () => {
    const written = Array.from({ length: 1_001 }, (_, index) => accepted(2, `o${index}`));
    const { orders, sent } = clientOf([...written, document]);
    for (const _ of written) await orders.POST('/orders/{orderId}/confirm', order());
    await orders.GET('/orders/{orderId}', order('o0'));
    await orders.GET('/orders/{orderId}', order('o1'));
    expect(targets(sent).slice(-2)).toEqual(['/orders/o0', '/orders/o1?minVersion=2']);
  });

  it('does not wait when that is turned off', async () => {
    const { orders, sent } = clientOf([accepted(2), document], { readYourWrites: false });
    await orders.POST('/orders/{orderId}/confirm', order());
    await orders.GET('/orders/{orderId}', order());
    expect(targets(sent)[1]).toBe('/orders/o1');
  });
});

describe('a list', () => {
  const pages = [
    ok({ items: ['a', 'b'], continuationToken: 'x y' }),
    ok({ items: [], continuationToken: 'z' }),
    ok({ items: ['c'] }),
  ];

  it('is read page by page to its end, with the same parameters', async () => {
    const { orders, sent } = clientOf(pages);
    const all = await collect(orders.items('/products', { params: { query: { q: 'lamp', limit: 2 } } }));
    expect(all).toEqual(['a', 'b', 'c']);
    expect(targets(sent)).toEqual([
      '/products?q=lamp&limit=2',
      '/products?q=lamp&limit=2&continuationToken=x%20y',
      '/products?q=lamp&limit=2&continuationToken=z',
    ]);
  });

  it('is read no further than needed', async () => {
    const { orders, sent } = clientOf(pages);
    for await (const _ of orders.items('/products')) break;
    expect(sent).toHaveLength(1);
  });

  it('is read with the parameters in its path', async () => {
    const { orders, sent } = clientOf([ok({ items: [] })]);
    await collect(orders.items('/customers/{customerId}/orders', { params: { path: { customerId: 'c/1' } } }));
    expect(targets(sent)).toEqual(['/customers/c%2F1/orders']);
  });

  it('that is none is reported', async () => {
    const { orders } = clientOf([ok({ hello: 1 })]);
    await expect(collect(orders.items('/products'))).rejects.toThrow('The response is not a list.');
  });
});

describe('polling the changes of an order', () => {
  it('yields each change, and asks again after the last one when there is none', async () => {
    const { orders, sent } = clientOf([
      ok({ changes: [change(4), change(5)], version: 5 }),
      noContent,
      ok({ changes: [change(6)], version: 6 }),
    ]);
    const seen: number[] = [];
    for await (const { version } of orders.pollChanges('o1', { after: 3 })) {
      seen.push(version);
      if (version === 6) break;
    }
    expect(seen).toEqual([4, 5, 6]);
    expect(targets(sent)).toEqual([3, 5, 5].map((after) => `/orders/o1/changes?after=${after}`));
    expect(sent.map(({ headers }) => headers.get('prefer'))).toEqual(Array(3).fill('wait=30'));
  });

  it('ends when its signal is aborted', async () => {
    const controller = new AbortController();
    const { orders } = clientOf([ok({ changes: [change(1)], version: 1 }), noContent]);
    const seen: number[] = [];
    for await (const { version } of orders.pollChanges('o1', { signal: controller.signal })) {
      seen.push(version);
      controller.abort();
    }
    expect(seen).toEqual([1]);
  });

  const there = ok({ changes: [change(1)], version: 1 });
  const noToken = async () => {
    throw new Error('offline');
  };
  it.each<[string, FakeAnswer, () => Promise<string>]>([
    ['a failure that outlasts the retries', dropped, async () => 'secret'],
    ['a token function that fails', there, noToken],
    ['a token function that hangs', there, () => new Promise(() => undefined)],
  ])('goes on after %s', async (_what, firstAnswer, firstToken) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const token = vi.fn(async () => 'secret').mockImplementationOnce(firstToken);
    const options = { token, retry: { timeoutMs: 0 }, attemptTimeoutMs: 1_000 };
    const { orders } = clientOf([firstAnswer, there], options);
    for await (const { version } of orders.pollChanges('o1')) {
      expect(version).toBe(1);
      break;
    }
  });

  it('fails when the order cannot be seen', async () => {
    const { orders } = clientOf([problem(404, 'order-not-found')]);
    await expect(collect(orders.pollChanges('o1'))).rejects.toMatchObject({ code: 'order-not-found' });
  });
});
