import { ChartCard } from '../charts/chart-card.tsx';
import { formatCount, formatMoney, formatShortMoney } from '../format/numbers.ts';
import { type DayRange, dayOf, daysIn, type SalesDay } from './days.ts';

/** Revenue, orders and average value by day. A day without orders counts as zero. */
export function DayCharts({
  days,
  currency,
  range,
}: {
  readonly days: readonly SalesDay[];
  readonly currency: string;
  readonly range: DayRange;
}) {
  const times = daysIn(range);
  const byDate = new Map(days.map((day) => [day.date, day]));
  const values = (value: (day: SalesDay) => number, none: number | null) =>
    times.map((time) => {
      const day = byDate.get(dayOf(time));
      return day === undefined ? none : value(day);
    });
  const money = {
    times,
    step: 'day',
    format: (amount: number) => formatMoney(amount, currency),
    formatAxis: (amount: number) => formatShortMoney(amount, currency),
  } as const;
  return (
    <div className="charts three">
      <ChartCard
        {...money}
        title="Revenue"
        note="per day"
        kind="stacked"
        series={[
          { name: 'Net', color: '--chart-1', values: values(({ netRevenue }) => netRevenue, 0) },
          {
            name: 'Cancelled or refunded',
            color: '--chart-4',
            values: values(({ cancelled, refunded }) => cancelled + refunded, 0),
          },
        ]}
      />
      <ChartCard
        title="Orders"
        note="per day"
        times={times}
        step="day"
        kind="stacked"
        format={formatCount}
        series={[{ name: 'Orders', color: '--chart-3', values: values(({ orders }) => orders, 0) }]}
      />
      <ChartCard
        {...money}
        title="Average order value"
        note="per day with orders"
        kind="lines"
        series={[
          { name: 'Average', color: '--chart-1', values: values(({ averageOrderValue }) => averageOrderValue, null) },
        ]}
      />
    </div>
  );
}
