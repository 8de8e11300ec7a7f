import { type SubmitEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { type Failure, toFailure } from '../api/commands.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { OrderFilters } from './order-filters.tsx';
import { type OrderFilter, type OrderRow, sourceFor } from './order-rows.ts';
import { OrderTable } from './order-table.tsx';
import './orders.css';

const ALL: OrderFilter = { q: '', status: '', from: '', to: '' };

/** The orders that the caller may see, with search, filters and paging. */
export function OrdersPage() {
  const { session, orders } = useConsole();
  const source = useMemo(() => sourceFor(session.caller, orders), [session, orders]);
  const [filter, setFilter] = useState(ALL);
  const load = useCallback((signal: AbortSignal) => source.read(filter, { signal }), [source, filter]);
  const first = useLoaded(load, { keep: false });
  const [more, setMore] = useState<readonly OrderRow[]>([]);
  const [next, setNext] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    setMore([]);
    setFailure(undefined);
    setNext(first.value?.continuationToken);
  }, [first.value]);
  const showMore = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const page = await source.read(filter, { continuationToken: next });
      setMore((before) => [...before, ...page.rows]);
      setNext(page.continuationToken);
    } catch (error) {
      setFailure(toFailure(error));
    }
  };
  const rows = [...(first.value?.rows ?? []), ...more];
  const problem = first.failure ?? failure;
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>{hasRole(session.caller, 'warehouse') ? 'Shipments' : 'Orders'}</h1>
          <p>{source.intro}</p>
        </div>
        <div className="row">
          <KnownSince {...first} />
          <button type="button" className="button" onClick={first.reload}>
            Refresh
          </button>
        </div>
      </div>
      <OrderFilters source={source} filter={filter} onChange={setFilter} />
      <section className="card" aria-label="Orders" aria-busy={first.loading}>
        {problem !== undefined && <ProblemMessage failure={problem} />}
        {first.loading && first.value === undefined && <div className="skeleton rows" />}
        {rows.length > 0 && <OrderTable rows={rows} />}
        {first.value !== undefined && rows.length === 0 && <NoOrders filtered={filter !== ALL} />}
        {next !== undefined && (
          <form className="more" onSubmit={showMore}>
            <button type="submit" className="button">
              Show more
            </button>
          </form>
        )}
      </section>
    </div>
  );
}

function NoOrders({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={<ListIcon />} title="No order matches">
        Every word must be the beginning of a word of the order. Try fewer words, or another status.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ListIcon />}
      title="There are no orders yet"
      actions={
        <Link href="/shop" className="button primary">
          Place one in the shop
        </Link>
      }
    >
      Place the first order as a customer, or import thousands of real ones with <code>npm run import -- FILE</code>.
    </EmptyState>
  );
}
