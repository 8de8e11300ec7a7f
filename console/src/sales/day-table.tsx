import { useState } from 'react';
import { formatCount, formatMoney } from '../format/numbers.ts';
import { formatDay } from '../format/times.ts';
import type { SalesDay } from './days.ts';

/** Days before somebody asks for all. */
const FIRST = 31;

/** The days with orders, newest first. */
export function DayTable({ days }: { readonly days: readonly SalesDay[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? days : days.slice(0, FIRST);
  return (
    <section className="card" aria-label="Days">
      <header>
        <h2>Days</h2>
        <span className="small faint">newest first, UTC</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
      <section className="table-scroll" tabIndex={0} aria-label="Table of days">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {['Orders', 'Average', 'Revenue', 'Cancelled', 'Refunded', 'Net'].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((day) => (
              <DayRow key={day.date} day={day} />
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < days.length && (
        <div className="more">
          <button type="button" className="button" onClick={() => setShowsAll(true)}>
            Show all {days.length} days
          </button>
        </div>
      )}
    </section>
  );
}

function DayRow({ day }: { readonly day: SalesDay }) {
  const { date, currency, orders, averageOrderValue, revenue, cancelled, refunded, netRevenue } = day;
  const money = (amount: number) => formatMoney(amount, currency);
  return (
    <tr>
      <td className="nowrap">{formatDay(date)}</td>
      <td className="number">{formatCount(orders)}</td>
      <td className="number soft">{money(averageOrderValue)}</td>
      <td className="number">{money(revenue)}</td>
      <td className="number soft">{cancelled === 0 ? '–' : money(cancelled)}</td>
      <td className="number soft">{refunded === 0 ? '–' : money(refunded)}</td>
      <td className="number">
        <strong>{money(netRevenue)}</strong>
      </td>
    </tr>
  );
}
