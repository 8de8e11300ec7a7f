import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadingApp } from '../../../src/commands/app.ts';
import { getCurrentOrder } from '../../../src/commands/orders/get-current-order.ts';
import { quoteOrder } from '../../../src/commands/orders/quote-order.ts';
import type { Deadline } from '../../../src/shared/deadline.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { replicaReads } from '../../../src/shared/write-database/replica.ts';
import { SETTINGS } from '../../support/commands/command-bus.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An app whose write store never answers, and the deadlines that the store was given (ms from then). */
function openApp() {
  const given: (number | undefined)[] = [];
  const noAnswer = (_request: unknown, deadline?: Deadline) => {
    given.push(deadline?.remainingMs());
    return new Promise<never>(() => {});
  };
  const app: ReadingApp = {
    config: { orders: { ...SETTINGS, deadlineMs: 30_000 } },
    runtime: systemRuntime,
    authenticate: async () => ({ userId: 'ada', roles: new Set(['customer']), customerId: 'ada' }),
    services: async () => ({
      store: { load: noAnswer },
      eventReads: replicaReads({ primary: async () => ({ readEvents: noAnswer }) }, systemRuntime),
      masterKey: testMasterKey,
    }),
  };
  return { app, given };
}

const HOME = { street: '1 Main St', city: 'Springfield', state: 'IL', zip: '62701', country: 'US' };
const ORDER = { customerId: 'ada', items: [{ productId: 'lamp', quantity: 1 }], shippingAddress: HOME };

const READS = [
  ['GET /orders/{orderId}/current', getCurrentOrder, { method: 'GET', params: { orderId: 'order-1' } }],
  [
    'POST /orders/quote',
    quoteOrder,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: { string: JSON.stringify(ORDER) } },
  ],
] as const;

describe('a read of the write store that gets no answer', () => {
  it.each(READS)('returns 503 at the deadline, which the store knows: %s', async (_name, operation, request) => {
    const { app, given } = openApp();
    const { handler } = operation(app);
    const answer = handler(
      new HttpRequest({ url: 'http://localhost/api/orders', ...request }),
      new InvocationContext(),
    );
    const settled = vi.fn();
    void Promise.resolve(answer).then(settled, settled);
    await vi.advanceTimersByTimeAsync(29_000);
    expect([settled.mock.calls, given]).toEqual([[], [30_000]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ status: 503 }));
  });
});
