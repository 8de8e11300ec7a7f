import { useCallback } from 'react';
import { Link } from 'wouter';
import type { PageRequest } from '../api/more-pages.ts';
import { usePages } from '../api/use-pages.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { CausationTree } from './causation-tree.tsx';
import { EventList } from './event-list.tsx';
import type { EventFilter } from './events.ts';
import { readEvents } from './read-events.ts';

const LIMIT = 30;

/** The events that match a filter, page by page. Those of a correlation id are a tree. */
export function FoundEvents({ filter }: { readonly filter: EventFilter }) {
  const { orders } = useConsole();
  const read = useCallback(
    (page: PageRequest) => readEvents(orders, filter, { limit: LIMIT, ...page }),
    [orders, filter],
  );
  const list = usePages(read);
  const { items: events = [], hasMore, problem, loading, readAt } = list;
  const { correlationId } = filter;
  return (
    <section className="card" aria-label="Events" aria-busy={loading}>
      <header>
        <h2>{correlationId === '' ? 'Newest first' : 'Caused by one request'}</h2>
        <div className="row">
          <KnownSince {...list} />
          <button type="button" className="button small" onClick={list.reload}>
            Refresh
          </button>
          <Link href="/events" className="button small">
            Back to live
          </Link>
        </div>
      </header>
      {problem !== undefined && <ProblemMessage failure={problem} />}
      {loading && readAt === undefined && <div className="skeleton rows" />}
      {events.length > 0 && correlationId !== '' && <CausationTree correlationId={correlationId} events={events} />}
      {events.length > 0 && correlationId === '' && <EventList events={events} label="Events" />}
      {readAt !== undefined && events.length === 0 && <NoEvents filter={filter} isEnd={!hasMore} />}
      {hasMore && (
        <div className="more">
          <button type="button" className="button" disabled={list.busy} onClick={list.showMore}>
            Show older events
          </button>
        </div>
      )}
    </section>
  );
}

/** A search reads a part of the log at a time, so that nothing can be found before its end. */
function NoEvents({
  filter: { aggregateId, correlationId },
  isEnd,
}: {
  readonly filter: EventFilter;
  readonly isEnd: boolean;
}) {
  if (!isEnd) {
    return (
      <EmptyState icon={<ListIcon />} title="Nothing in this part of the log">
        A search reads a thousand events at a time. Continue with older events, or add an id to narrow the search.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<ListIcon />} title="No event matches">
      {correlationId !== '' || aggregateId !== ''
        ? 'Ids must be whole. The correlation ids of an erased customer’s events can no longer be found.'
        : 'The log has no event of this type yet.'}
    </EmptyState>
  );
}
