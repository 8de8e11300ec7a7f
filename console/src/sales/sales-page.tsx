import { useCallback, useState } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { formatClock } from '../format/times.ts';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { DayCharts } from './day-charts.tsx';
import { DayTable } from './day-table.tsx';
import { currenciesOf, type DayRange, lastDays } from './days.ts';
import { LowStock } from './low-stock.tsx';
import { NoSales } from './no-sales.tsx';
import { RangeFields } from './range-fields.tsx';
import './sales.css';
import { SalesFigures } from './sales-figures.tsx';
import { TopProducts } from './top-products.tsx';

const EVERY_MS = 15_000;

/** Revenue, orders and average value per day and currency, with what sells and what runs out. */
export function SalesPage() {
  const [range, setRange] = useState<DayRange>(() => lastDays(30, Date.now()));
  const [chosen, setChosen] = useState<string>();
  const sales = useDays(range);
  const { value: all, readAt, failure } = sales;
  const currencies = currenciesOf(all ?? []);
  const currency = currencies.find((one) => one === chosen) ?? currencies[0];
  const days = (all ?? []).filter((day) => day.currency === currency);
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Sales</h1>
          <p>
            What was ordered per UTC day. Revenue counts every placed order; net revenue leaves out what was cancelled
            or refunded since.
          </p>
        </div>
        <KnownSince {...sales} />
      </div>
      <RangeFields
        range={range}
        onRange={setRange}
        currencies={currencies}
        currency={currency}
        onCurrency={setChosen}
      />
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {all === undefined && failure === undefined && <div className="skeleton rows" />}
      {all?.length === 0 && <NoSales />}
      {currency !== undefined && (
        <>
          <SalesFigures
            days={days}
            currency={currency}
            unknownSince={failure && readAt !== undefined ? formatClock(readAt) : undefined}
          />
          <DayCharts key={currency} days={days} currency={currency} range={range} />
        </>
      )}
      <div className="sales-columns">
        {currency !== undefined && <DayTable days={days} />}
        <div className="stack">
          <TopProducts range={range} currency={currency} />
          <LowStock />
        </div>
      </div>
    </div>
  );
}

function useDays({ from, to }: DayRange) {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) =>
      (await orders.GET('/analytics/daily', { params: { query: { from, to } }, signal })).data.items,
    [orders, from, to],
  );
  return usePoll(load, EVERY_MS);
}
