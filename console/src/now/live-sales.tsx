import { useCallback } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { ChartCard } from '../charts/chart-card.tsx';
import { formatCount, formatMoney } from '../format/numbers.ts';
import { useConsole } from '../session/session-context.tsx';

const MINUTES = 60;
const MINUTE_MS = 60_000;
const EVERY_MS = 15_000;
const LIST = new Intl.ListFormat('en');

/** Orders per minute of the last hour, and their revenue by currency. */
export function LiveSales() {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await orders.GET('/analytics/live', { signal, params: { query: { minutes: MINUTES } } })).data,
    [orders],
  );
  const { value, readAt } = usePoll(load, EVERY_MS);
  if (value === undefined || readAt === undefined) return null;
  const thisMinute = Math.floor(readAt / MINUTE_MS) * MINUTE_MS;
  const times = Array.from({ length: MINUTES }, (_, index) => thisMinute - (MINUTES - 1 - index) * MINUTE_MS);
  const counts = sums(value.items.map(({ minute, orders: count }) => [Date.parse(minute), count] as const));
  const revenue = sums(value.items.map(({ currency, revenue: amount }) => [currency, amount] as const));
  const amounts = [...revenue].map(([currency, amount]) => formatMoney(amount, currency));
  return (
    <ChartCard
      title="Orders per minute"
      note={amounts.length === 0 ? 'no orders in the last hour' : `${LIST.format(amounts)} in the last hour`}
      times={times}
      kind="stacked"
      format={formatCount}
      series={[{ name: 'Orders', color: '--chart-1', values: times.map((time) => counts.get(time) ?? 0) }]}
    />
  );
}

/** The sum of the values of each key. */
function sums<Key>(entries: readonly (readonly [Key, number])[]): ReadonlyMap<Key, number> {
  const found = new Map<Key, number>();
  for (const [key, value] of entries) found.set(key, (found.get(key) ?? 0) + value);
  return found;
}
