import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ExactSum, MAX_AMOUNT } from '../../../src/shared/money.ts';
import { SUMMARY_ID } from '../../../src/shared/read-models/customer-orders.ts';
import { TOTAL_ID } from '../../../src/shared/read-models/sales-daily.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { salesLive } from '../../../src/sync/projections/sales-live.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

/** Totals at the limit, of one customer on one day: ten of them exceed 2^53. */
const orders = fc.array(
  fc.record({
    total: fc.integer({ min: MAX_AMOUNT - 1_000, max: MAX_AMOUNT }),
    later: fc.constantFrom('nothing', 'cancelled', 'refunded'),
  }),
  { minLength: 1, maxLength: 60 },
);
type Orders = typeof orders extends fc.Arbitrary<infer Value> ? Value : never;

/** Each order is placed; then some are cancelled or refunded. */
const eventsOf = (placed: Orders) => [
  ...placed.map(({ total }, index) => orderEvent(`order-${index}`, 1, { total })),
  ...placed.flatMap(({ total, later }, index) =>
    later === 'nothing' ? [] : [orderEvent(`order-${index}`, 2, { total, status: later })],
  ),
];

const sumOf = (placed: Orders, ...which: readonly string[]) =>
  placed.reduce((sum, { total, later }) => sum + (which.includes(later) ? BigInt(total) : 0n), 0n);
const exact = (sum: ExactSum | undefined) => BigInt(sum ?? -1);

it("a customer's amount spent stays exact at the limit of order totals", () => {
  fc.assert(
    fc.property(orders, (placed) => {
      const summary = fold(customerOrders, eventsOf(placed)).get('ada')?.get(SUMMARY_ID);
      expect(summary?.type === 'summary' && exact(summary.totalSpent)).toBe(sumOf(placed, 'nothing'));
    }),
  );
});

it("a day's revenue and its cancelled and refunded amounts stay exact at the limit of order totals", () => {
  fc.assert(
    fc.property(orders, (placed) => {
      const [bucket] = fold(salesDaily, eventsOf(placed)).values();
      const day = bucket?.get(TOTAL_ID);
      if (day?.type !== 'total') throw new Error('There is no total of the day.');
      expect([exact(day.revenue), exact(day.cancelled), exact(day.refunded)]).toEqual([
        sumOf(placed, 'nothing', 'cancelled', 'refunded'),
        sumOf(placed, 'cancelled'),
        sumOf(placed, 'refunded'),
      ]);
    }),
  );
});

it("a minute's revenue stays exact at the limit of order totals", () => {
  fc.assert(
    fc.property(orders, (placed) => {
      const documents = [...fold(salesLive, eventsOf(placed)).values()].flatMap((hour) => [...hour.values()]);
      const windows = documents.flatMap((document) =>
        document.type === 'windows' ? Object.values(document.windows) : [],
      );
      const revenue = windows.reduce((sum, window) => sum + exact(window.revenue), 0n);
      expect(revenue).toBe(sumOf(placed, 'nothing', 'cancelled', 'refunded'));
    }),
  );
});
