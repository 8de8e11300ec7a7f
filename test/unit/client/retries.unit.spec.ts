import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ApiError, ConnectionError, TokenError } from '../../../clients/typescript/src/index.ts';
import { accepted, clientOf, dropped, type FakeAnswer, ok, problem, QUICK } from '../../support/client/fake-fetch.ts';

const confirm = { params: { path: { orderId: 'o1' } } };
const keysOf = (sent: readonly Request[]) => sent.map(({ headers }) => headers.get('idempotency-key'));

/** A response whose body ends in the middle. */
const cutOff: FakeAnswer = () =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"ite'));
        controller.error(new TypeError('terminated', { cause: new Error('other side closed') }));
      },
    }),
  );

describe('a command', () => {
  it.each([
    ['429', problem(429, 'throttled')],
    ['503', problem(503, 'unavailable')],
    ['409 concurrent-update', problem(409, 'concurrent-update')],
    ['a dropped connection', dropped],
    ['a response that is cut off', cutOff],
    ['502 of a proxy', () => new Response('<html>', { status: 502 })],
  ])('is retried with the same key and body after %s', async (_what, failure) => {
    const { orders, sent } = clientOf([failure, failure, accepted()]);
    const body = { reason: 'ordered twice' };
    const { data } = await orders.POST('/orders/{orderId}/cancel', { ...confirm, body });
    expect(data.version).toBe(1);
    expect(sent).toHaveLength(3);
    expect(new Set(keysOf(sent)).size).toBe(1);
    expect(await Promise.all(sent.map((request) => request.json()))).toEqual([body, body, body]);
  });

  it('has a key of its own for each call', async () => {
    const { orders, sent } = clientOf([accepted()]);
    await orders.POST('/orders/{orderId}/confirm', confirm);
    await orders.POST('/orders/{orderId}/confirm', confirm);
    expect(new Set(keysOf(sent)).size).toBe(2);
    expect(keysOf(sent).every((key) => key !== null && /^[\x21-\x7e]{1,255}$/.test(key))).toBe(true);
  });

  it('keeps the key that its caller passes', async () => {
    const { orders, sent } = clientOf([dropped, accepted()]);
    await orders.POST('/orders/{orderId}/confirm', { ...confirm, idempotencyKey: 'mine' });
    expect(keysOf(sent)).toEqual(['mine', 'mine']);
  });

  it.each([
    [3, '"3"'],
    ['"3.1"', '"3.1"'],
    ['*', '*'],
    [undefined, null],
  ])('expects the version %s by If-Match: %s', async (ifMatch, header) => {
    const { orders, sent } = clientOf([accepted()]);
    await orders.POST('/orders/{orderId}/confirm', { ...confirm, ...(ifMatch !== undefined && { ifMatch }) });
    expect(sent[0]?.headers.get('if-match')).toBe(header);
  });
});

describe('a request', () => {
  /** The delay (ms) before the first retry after a response with this Retry-After, when the random part is as long as it can be. */
  async function delayAfter(retryAfter: string): Promise<number> {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const delays: number[] = [];
    const onRetry = ({ delayMs }: { readonly delayMs: number }) => {
      delays.push(delayMs);
      throw new Error('soon enough');
    };
    const retry = { firstDelayMs: 100, timeoutMs: 1_200_000, onRetry };
    const { orders } = clientOf([problem(503, 'unavailable', { 'retry-after': retryAfter })], { retry });
    await expect(orders.GET('/products')).rejects.toThrow('soon enough');
    return delays[0] ?? Number.NaN;
  }
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

  it('waits as long as Retry-After says, in seconds or until a date, and longer at random', async () => {
    expect(await delayAfter('7')).toBe(7_050);
    expect(await delayAfter(inSeconds(600))).toBeGreaterThan(50_000);
  });

  it('waits no shorter than without Retry-After when that is 0 or in the past', async () => {
    expect([await delayAfter('0'), await delayAfter(inSeconds(-60))]).toEqual([100, 100]);
  });

  it('is retried with growing delays, at random, up to the maximum', async () => {
    const delays: number[] = [];
    const onRetry = ({ delayMs }: { readonly delayMs: number }) => delays.push(delayMs);
    const { orders } = clientOf([dropped, dropped, dropped, dropped, ok({ items: [] })], {
      retry: { firstDelayMs: 4, maxDelayMs: 10, onRetry },
    });
    await orders.GET('/products');
    const limits = [4, 8, 10, 10];
    expect(delays.map((delay, index) => delay <= (limits[index] ?? 0) && delay >= (limits[index] ?? 0) / 2)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('fails with the last problem when a retry would exceed the time limit', async () => {
    const { orders, sent } = clientOf([problem(429, 'throttled', { 'retry-after': '21' })], {
      retry: { timeoutMs: 20_000 },
    });
    await expect(orders.GET('/products')).rejects.toMatchObject({ status: 429, code: 'throttled' });
    expect(sent).toHaveLength(1);
  });

  it('is not retried when retries are turned off', async () => {
    const { orders, sent } = clientOf([dropped], { retry: { timeoutMs: 0 } });
    await expect(orders.GET('/products')).rejects.toThrow(new ConnectionError('connect ECONNREFUSED 127.0.0.1:7071'));
    expect(sent).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 409, 412, 422, 500, 504])(
    'is not retried after a problem with status %d',
    async (status) => {
      const { orders, sent } = clientOf([problem(status, 'internal-error')]);
      await expect(orders.GET('/products')).rejects.toBeInstanceOf(ApiError);
      expect(sent).toHaveLength(1);
    },
  );

  it('is not retried when there is no data lake for reports', async () => {
    const { orders, sent } = clientOf([problem(503, 'report-unavailable')]);
    const report = orders.GET('/analytics/reports/{name}', { params: { path: { name: 'order-summary' } } });
    await expect(report).rejects.toMatchObject({ status: 503, code: 'report-unavailable' });
    expect(sent).toHaveLength(1);
  });

  it('that may have had an effect and has no key is retried only after 429', async () => {
    const replay = { body: { readModel: 'all' } } as const;
    for (const failure of [problem(503, 'unavailable'), dropped]) {
      const { orders, sent } = clientOf([failure]);
      await expect(orders.POST('/admin/replays', replay)).rejects.toThrow();
      expect([sent.length, sent[0]?.headers.has('idempotency-key')]).toEqual([1, false]);
    }
    const { orders, sent } = clientOf([problem(429, 'throttled'), ok({ replayId: 'r1' }, 202)]);
    await orders.POST('/admin/replays', replay);
    expect(sent).toHaveLength(2);
  });

  it('without an effect is retried, too: a quote', async () => {
    const { orders, sent } = clientOf([dropped, ok({ currency: 'USD', items: [], total: 0 })]);
    const shippingAddress = { street: 'a', city: 'b', state: 'c', zip: 'd' };
    await orders.POST('/orders/quote', {
      body: { customerId: 'c1', items: [{ productId: 'p1', quantity: 1 }], shippingAddress },
    });
    expect(sent).toHaveLength(2);
  });

  it('reports each retry before it is made, and gives up when the report throws', async () => {
    const onRetry = vi.fn(({ attempt }: { readonly attempt: number }) => {
      if (attempt === 2) throw new Error('enough');
    });
    const { orders, sent } = clientOf([dropped], { retry: { ...QUICK, onRetry } });
    await expect(orders.GET('/products')).rejects.toThrow('enough');
    expect(sent).toHaveLength(2);
    expect(onRetry.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 2]);
  });

  it('stops waiting for a retry when its caller aborts it', async () => {
    const controller = new AbortController();
    const retry = { timeoutMs: 600_000, onRetry: () => controller.abort(new Error('never mind')) };
    const { orders, sent } = clientOf([problem(503, 'unavailable', { 'retry-after': '500' })], { retry });
    await expect(orders.GET('/products', { signal: controller.signal })).rejects.toThrow('never mind');
    expect(sent).toHaveLength(1);
  });

  it('counts as dropped when it has no response in time', async () => {
    const hangs = (request: Request) =>
      new Promise<Response>((_resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
      });
    const { orders } = clientOf([], { fetch: hangs, attemptTimeoutMs: 20, retry: { timeoutMs: 0 } });
    await expect(orders.GET('/products')).rejects.toThrow(new ConnectionError('no response for 0.02 s'));
  });
});

describe('the token', () => {
  it('is asked for at every attempt', async () => {
    const tokens = ['first', 'second'].values();
    const { orders, sent } = clientOf([dropped, ok({ items: [] })], { token: async () => tokens.next().value ?? '' });
    await orders.GET('/products');
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second']);
  });

  it('can be missing, for anonymous operations', async () => {
    const sent: Request[] = [];
    const fetch = async (request: Request) => {
      sent.push(request);
      return Response.json({ items: [] });
    };
    const { createOrdersClient } = await import('../../../clients/typescript/src/index.ts');
    await createOrdersClient({ baseUrl: 'https://orders.example/api/', fetch }).GET('/products');
    expect(sent.map(({ url, headers }) => [url, headers.has('authorization')])).toEqual([
      ['https://orders.example/api/products', false],
    ]);
  });

  it('fails the request without a retry when it cannot be had', async () => {
    const token = vi.fn(async () => {
      throw new TypeError('signed out');
    });
    const { orders, sent } = clientOf([ok({ items: [] })], { token });
    await expect(orders.GET('/products')).rejects.toThrow(new TokenError('signed out'));
    expect([sent.length, token.mock.calls.length]).toEqual([0, 1]);
  });

  it('fails the request when it does not come in time', async () => {
    const token = () => new Promise<string>(() => undefined);
    const { orders, sent } = clientOf([ok({ items: [] })], { token, attemptTimeoutMs: 20 });
    await expect(orders.GET('/products')).rejects.toThrow(new TokenError('no token for 0.02 s'));
    expect(sent).toHaveLength(0);
  });

  it('is not waited for when the caller aborts the request', async () => {
    const controller = new AbortController();
    const token = () => {
      controller.abort(new Error('never mind'));
      return new Promise<string>(() => undefined);
    };
    const { orders } = clientOf([ok({ items: [] })], { token });
    await expect(orders.GET('/products', { signal: controller.signal })).rejects.toThrow('never mind');
  });
});
