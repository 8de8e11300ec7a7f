import { useEffect, useState } from 'react';
import { DateField } from '../parts/date-field.tsx';
import { ORDER_STATUSES, type OrderStatus } from '../parts/status-badge.tsx';
import type { OrderFilter, OrderSource } from './order-rows.ts';

/** People type several letters: search when they pause for this long (ms). */
const PAUSE_MS = 250;

/** The search and filters that the list has. */
export function OrderFilters({
  source: { searches, statuses },
  filter,
  onChange,
}: {
  readonly source: OrderSource;
  readonly filter: OrderFilter;
  readonly onChange: (filter: OrderFilter) => void;
}) {
  const [words, setWords] = useState(filter.q);
  useEffect(() => {
    if (words === filter.q) return;
    const timer = window.setTimeout(() => onChange({ ...filter, q: words }), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [words, filter, onChange]);
  return (
    <search className="filters">
      {searches && (
        <label className="field wide">
          <span>Search</span>
          <input
            className="input"
            type="search"
            value={words}
            maxLength={200}
            placeholder="ada lamp"
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      )}
      <label className="field">
        <span>Status</span>
        <select
          className="input"
          value={filter.status}
          onChange={(event) => onChange({ ...filter, status: toStatus(event.target.value) })}
        >
          <option value="">All</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {status.charAt(0).toUpperCase() + status.slice(1)}
            </option>
          ))}
        </select>
      </label>
      {searches && (
        <>
          <DateField
            label="From"
            value={filter.from}
            max={filter.to}
            onChange={(from) => onChange({ ...filter, from })}
          />
          <DateField label="To" value={filter.to} min={filter.from} onChange={(to) => onChange({ ...filter, to })} />
        </>
      )}
    </search>
  );
}

const toStatus = (value: string): OrderStatus | '' => ORDER_STATUSES.find((status) => status === value) ?? '';
