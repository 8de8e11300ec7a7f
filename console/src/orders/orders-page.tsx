import { useCallback, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { PageRequest } from '../api/more-pages.ts';
import { usePages } from '../api/use-pages.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { hasRole } from '../session/callers.ts';
import { useConsole } from '../session/session-context.tsx';
import { OrderFilters } from './order-filters.tsx';
import { type OrderFilter, sourceFor } from './order-rows.ts';
import { OrderTable } from './order-table.tsx';
import './orders.css';

const ALL: OrderFilter = { q: '', status: '', from: '', to: '' };

/** The orders that the caller may see, with search, filters and paging. */
export function OrdersPage() {
  const { session, orders } = useConsole();
  const source = useMemo(() => sourceFor(session.caller, orders), [session, orders]);
  const [filter, setFilter] = useState(ALL);
  const read = useCallback((page: PageRequest) => source.read(filter, page), [source, filter]);
  const list = usePages(read);
  const { items: rows, problem, loading } = list;
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>{hasRole(session.caller, 'warehouse') ? 'Shipments' : 'Orders'}</h1>
          <p>{source.intro}</p>
        </div>
        <div className="row">
          <KnownSince {...list} />
          <button type="button" className="button" onClick={list.reload}>
            Refresh
          </button>
        </div>
      </div>
      <OrderFilters source={source} filter={filter} onChange={setFilter} />
      <section className="card" aria-label="Orders" aria-busy={loading}>
        {problem !== undefined && <ProblemMessage failure={problem} />}
        {loading && rows === undefined && <div className="skeleton rows" />}
        {rows !== undefined && rows.length > 0 && <OrderTable rows={rows} />}
        {rows?.length === 0 && <NoOrders filtered={filter !== ALL} />}
        {list.hasMore && (
          <div className="more">
            <button type="button" className="button" disabled={list.busy} onClick={list.showMore}>
              Show more
            </button>
          </div>
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
