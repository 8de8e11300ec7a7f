/** Sales of a UTC day in a currency, as the API has them. */
export interface SalesDay {
  readonly date: string;
  readonly currency: string;
  readonly orders: number;
  readonly revenue: number;
  readonly averageOrderValue: number;
  readonly cancelled: number;
  readonly refunded: number;
  readonly netRevenue: number;
}

/** UTC days, such as 2026-03-01. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The last days up to and including today. */
export const lastDays = (count: number, now: number): DayRange => ({
  from: dayOf(now - (count - 1) * DAY_MS),
  to: dayOf(now),
});

/** Every day of a range, in milliseconds since 1970. */
export function daysIn({ from, to }: DayRange): readonly number[] {
  const count = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1);
  return Array.from({ length: count }, (_, index) => Date.parse(from) + index * DAY_MS);
}

/** The currencies, the one with the most orders first. */
export function currenciesOf(days: readonly SalesDay[]): readonly string[] {
  const orders = new Map<string, number>();
  for (const day of days) orders.set(day.currency, (orders.get(day.currency) ?? 0) + day.orders);
  return [...orders].toSorted(([, a], [, b]) => b - a).map(([currency]) => currency);
}

/** The sums of days of one currency. The average is over all orders, not over the days. */
export function totalsOf(days: readonly SalesDay[]) {
  const sum = (value: (day: SalesDay) => number) => days.reduce((total, day) => total + value(day), 0);
  const orders = sum((day) => day.orders);
  const revenue = sum((day) => day.revenue);
  return {
    orders,
    revenue,
    netRevenue: sum((day) => day.netRevenue),
    lost: sum((day) => day.cancelled + day.refunded),
    averageOrderValue: orders === 0 ? 0 : revenue / orders,
  };
}
