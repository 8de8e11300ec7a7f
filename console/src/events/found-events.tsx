import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { type Failure, isAborted, toFailure } from '../api/commands.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { useConsole } from '../session/session-context.tsx';
import { CausationTree } from './causation-tree.tsx';
import { EventList } from './event-list.tsx';
import type { EventFilter, StoredEvent } from './events.ts';
import { readEvents } from './read-events.ts';

const LIMIT = 30;

/** The events that match a filter, page by page. Those of a correlation id are a tree. */
export function FoundEvents({ filter }: { readonly filter: EventFilter }) {
  const { first, events, next, failure, showMore } = usePages(filter);
  const { correlationId } = filter;
  const problem = first.failure ?? failure;
  return (
    <section className="card" aria-label="Events" aria-busy={first.loading}>
      <header>
        <h2>{correlationId === '' ? 'Newest first' : 'Caused by one request'}</h2>
        <div className="row">
          <KnownSince {...first} />
          <button type="button" className="button small" onClick={first.reload}>
            Refresh
          </button>
          <Link href="/events" className="button small">
            Back to live
          </Link>
        </div>
      </header>
      {problem !== undefined && <ProblemMessage failure={problem} />}
      {first.loading && first.value === undefined && <div className="skeleton rows" />}
      {events.length > 0 && correlationId !== '' && <CausationTree correlationId={correlationId} events={events} />}
      {events.length > 0 && correlationId === '' && <EventList events={events} label="Events" />}
      {first.value !== undefined && events.length === 0 && <NoEvents filter={filter} isEnd={next === undefined} />}
      {next !== undefined && (
        <div className="more">
          <button type="button" className="button" onClick={() => void showMore()}>
            Show older events
          </button>
        </div>
      )}
    </section>
  );
}

/** The first page, and those that people ask for. */
function usePages(filter: EventFilter) {
  const { orders } = useConsole();
  const load = useCallback(
    (signal: AbortSignal) => readEvents(orders, filter, { limit: LIMIT, signal }),
    [orders, filter],
  );
  const first = useLoaded(load, { keep: false });
  const [older, setOlder] = useState<readonly StoredEvent[]>([]);
  const [next, setNext] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    setOlder([]);
    setFailure(undefined);
    setNext(first.value?.continuationToken);
  }, [first.value]);
  const showMore = async () => {
    try {
      const signal = AbortSignal.timeout(30_000);
      const page = await readEvents(orders, filter, { limit: LIMIT, continuationToken: next, signal });
      setOlder((before) => [...before, ...page.items]);
      setNext(page.continuationToken);
    } catch (error) {
      if (!isAborted(error)) setFailure(toFailure(error));
    }
  };
  return { first, events: [...(first.value?.items ?? []), ...older], next, failure, showMore };
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
