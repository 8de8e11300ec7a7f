import { useCallback, useDeferredValue, useState } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { formatMoney } from '../format/numbers.ts';
import { formatExactTime } from '../format/times.ts';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { useConsole } from '../session/session-context.tsx';
import { differencesBetween, type FullOrder } from './order.ts';

/** Fields that change with every version, or that are not part of the order itself. */
const ALWAYS_NEW = ['version', 'lastUpdated', 'history'];

/** The order as of any version, from the event log of the write side, and what that version changed. */
export function AsOfVersion({ orderId, newest }: { readonly orderId: string; readonly newest: number }) {
  const { orders } = useConsole();
  const [chosen, setChosen] = useState<number>();
  const version = useDeferredValue(Math.min(chosen ?? newest, newest));
  const load = useCallback(
    async (signal: AbortSignal) => {
      const at = async (of: number): Promise<FullOrder> => {
        const params = { path: { orderId }, query: { version: of, include: 'tracking' } };
        return (await orders.GET('/orders/{orderId}/current', { params, signal })).data;
      };
      const [order, before] = await Promise.all([at(version), version > 1 ? at(version - 1) : undefined]);
      return { order, before };
    },
    [orders, orderId, version],
  );
  const { value, failure } = useLoaded(load);
  return (
    <section className="card">
      <header>
        <h2>As of version {chosen ?? newest}</h2>
        <span className="small faint">from the event log</span>
      </header>
      <label className="field">
        <span className="hidden-text">Version of the order</span>
        <input
          type="range"
          className="slider"
          min={1}
          max={newest}
          value={Math.min(chosen ?? newest, newest)}
          disabled={newest === 1}
          onChange={(event) => setChosen(Number(event.target.value))}
        />
      </label>
      <p className="slider-ends small faint" aria-hidden="true">
        <span>1</span>
        <span>{newest}</span>
      </p>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {value !== undefined && <Snapshot {...value} />}
    </section>
  );
}

function Snapshot({ order, before }: { readonly order: FullOrder; readonly before: FullOrder | undefined }) {
  const changes =
    before === undefined
      ? []
      : differencesBetween(before, order).filter(({ path }) => !ALWAYS_NEW.includes(path.split('.')[0] ?? ''));
  return (
    <div className="snapshot">
      <div className="row">
        <StatusBadge status={order.status} />
        <strong>{formatMoney(order.total, order.currency)}</strong>
        <span className="small faint">{formatExactTime(order.lastUpdated)}</span>
      </div>
      {before === undefined ? (
        <p className="small soft">This is the order’s first version.</p>
      ) : (
        <ul className="differences" aria-label="What this version changed">
          {changes.map(({ path, before: old, after }) => (
            <li key={path}>
              <code>{path}</code> <del>{old}</del> <ins>{after}</ins>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
