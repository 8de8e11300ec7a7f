import { describe, expect, it } from 'vitest';
import { currenciesOf, daysIn, lastDays, totalsOf } from '../../../console/src/sales/days.ts';

const day = (date: string, currency: string, orders: number, revenue: number) => ({
  date,
  currency,
  orders,
  revenue,
  averageOrderValue: revenue / orders,
  cancelled: 10,
  refunded: 5,
  netRevenue: revenue - 15,
});

describe('the sales of the console', () => {
  it('are of the last days up to today, in UTC', () => {
    expect(lastDays(30, Date.parse('2026-03-01T23:59:59Z'))).toEqual({ from: '2026-01-31', to: '2026-03-01' });
  });

  it('have a point for every day of the range, also over a leap day', () => {
    expect(daysIn({ from: '2028-02-28', to: '2028-03-01' })).toEqual(
      ['2028-02-28', '2028-02-29', '2028-03-01'].map((date) => Date.parse(date)),
    );
    expect(daysIn({ from: '2028-03-01', to: '2028-02-28' })).toEqual([]);
  });

  it('start with the currency that has the most orders', () => {
    const days = [day('2026-03-01', 'EUR', 1, 100), day('2026-03-01', 'USD', 2, 50), day('2026-02-28', 'EUR', 2, 100)];
    expect(currenciesOf(days)).toEqual(['EUR', 'USD']);
  });

  it('average over all orders, not over the days', () => {
    const days = [day('2026-03-01', 'USD', 1, 100), day('2026-02-28', 'USD', 3, 100)];
    expect(totalsOf(days)).toEqual({ orders: 4, revenue: 200, netRevenue: 170, lost: 30, averageOrderValue: 50 });
    expect(totalsOf([]).averageOrderValue).toBe(0);
  });
});
