import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { EventFilters } from './event-filters.tsx';
import type { EventFilter } from './events.ts';
import './events.css';
import { FoundEvents } from './found-events.tsx';
import { isEventType } from './schemas.ts';
import { Tail } from './tail.tsx';

/** The event log: its newest events as they are committed, or those of an aggregate, a type or a request. */
export function EventsPage() {
  const [query, setQuery] = useSearchParams();
  const filter = useMemo(() => filterOf(query), [query]);
  const isBrowsing = query.has('browse') || Object.values(filter).some((value) => value !== '');
  const find = (wanted: EventFilter) => setQuery(Object.entries(wanted).filter(([, value]) => value !== ''));
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Events</h1>
          <p>
            Every change is one event of the log, which is the history and the source of every read model. Events are
            shown as they are stored: personal data encrypted, money in minor units.
          </p>
        </div>
      </div>
      <EventFilters filter={filter} onChange={find} />
      {isBrowsing ? <FoundEvents filter={filter} /> : <Tail />}
    </div>
  );
}

function filterOf(query: URLSearchParams): EventFilter {
  const text = (name: keyof EventFilter) => query.get(name) ?? '';
  const eventType = text('eventType');
  return {
    aggregateId: text('aggregateId'),
    eventType: isEventType(eventType) ? eventType : '',
    correlationId: text('correlationId'),
  };
}
