import { useCallback } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { formatCount, formatMoney } from '../format/numbers.ts';
import { formatDateTime } from '../format/times.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import type { DayRange } from './days.ts';

const LIMIT = 100;
const MOST_SHOWN = 8;

/** What brought in the most, from the data lake. */
export function TopProducts({
  range: { from, to },
  currency,
}: {
  readonly range: DayRange;
  readonly currency: string | undefined;
}) {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const params = { path: { name: 'top-products' }, query: { from, to, limit: LIMIT } };
      return (await orders.GET('/analytics/reports/{name}', { params, signal })).data;
    },
    [orders, from, to],
  );
  const { value: report, failure } = useLoaded(load, { keep: false });
  const rows = (report?.items ?? []).flatMap((row) => ('unitsSold' in row && row.currency === currency ? [row] : []));
  const isEmpty = report !== undefined && (report.items.length === 0 || (currency !== undefined && rows.length === 0));
  return (
    <section className="card" aria-label="Top products">
      <header>
        <h2>Top products</h2>
        {report?.asOf != null && <span className="small faint">as of {formatDateTime(report.asOf)}</span>}
      </header>
      {report === undefined && failure === undefined && <p className="soft">Reading the data lake …</p>}
      {failure?.code === 'report-unavailable' && (
        <p className="soft">This deployment has no data lake, which this report comes from.</p>
      )}
      {failure !== undefined && failure.code !== 'report-unavailable' && <ProblemMessage failure={failure} />}
      {isEmpty && (
        <p className="soft">The data lake has no sales of these days yet. It is up to two minutes behind the orders.</p>
      )}
      {rows.length > 0 && (
        <ol className="ranking">
          {rows.slice(0, MOST_SHOWN).map(({ productId, productName, unitsSold, totalRevenue, currency: of }) => (
            <li key={productId}>
              <span>
                {productName}
                <span className="small faint"> {formatCount(unitsSold)} sold</span>
              </span>
              <strong>{formatMoney(totalRevenue, of)}</strong>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
