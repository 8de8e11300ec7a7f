import { formatCount, formatMoney } from '../format/numbers.ts';
import { Figures } from '../parts/figures.tsx';
import { type SalesDay, totalsOf } from './days.ts';

/** The sums of the chosen days. */
export function SalesFigures({
  days,
  currency,
  unknownSince,
}: {
  readonly days: readonly SalesDay[];
  readonly currency: string;
  readonly unknownSince: string | undefined;
}) {
  const { orders, revenue, netRevenue, lost, averageOrderValue } = totalsOf(days);
  const money = (amount: number) => formatMoney(amount, currency);
  const figures = [
    { name: 'Revenue', value: money(revenue), note: 'of all placed orders' },
    { name: 'Net revenue', value: money(netRevenue), note: 'without cancelled and refunded' },
    { name: 'Orders', value: formatCount(orders), note: 'placed in this time' },
    { name: 'Average order', value: money(averageOrderValue), note: 'revenue by orders' },
    { name: 'Cancelled and refunded', value: money(lost), note: 'of these orders, until now' },
  ];
  return <Figures figures={figures} unknownSince={unknownSince} />;
}
