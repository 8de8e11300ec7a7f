import { useState } from 'react';
import { Link } from 'wouter';
import { plural } from '../format/numbers.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { KnownSince } from '../parts/known-since.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { EventList } from './event-list.tsx';
import type { StoredEvent } from './events.ts';
import { keyOf } from './lists-of-events.ts';
import { useTail } from './use-tail.ts';

/** The newest events as they are committed. A pause keeps what is shown. */
export function Tail() {
  const tail = useTail();
  const { value: events, failure } = tail;
  const [paused, setPaused] = useState<readonly StoredEvent[]>();
  const shown = paused ?? events;
  const waiting = countSince(paused, events);
  return (
    <section className="card" aria-label="The newest events">
      <header>
        <h2>Live</h2>
        <div className="row">
          <KnownSince {...tail} />
          <button
            type="button"
            className="button small"
            disabled={events === undefined}
            onClick={() => setPaused(paused === undefined ? events : undefined)}
          >
            {paused === undefined ? 'Pause' : `Resume${waiting === 0 ? '' : `, ${plural(waiting, 'new event')}`}`}
          </button>
        </div>
      </header>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {shown === undefined && failure === undefined && <div className="skeleton rows" />}
      {shown?.length === 0 && (
        <EmptyState
          icon={<ListIcon />}
          title="The log is empty"
          actions={
            <Link href="/shop" className="button primary">
              Place an order in the shop
            </Link>
          }
        >
          Every order, product and customer begins with an event. Place an order in another tab, and its event appears
          here at once.
        </EmptyState>
      )}
      {shown !== undefined && shown.length > 0 && <EventList events={shown} label="The newest events" />}
      <div className="more">
        <Link href="/events?browse=all" className="button">
          Browse the whole log
        </Link>
      </div>
    </section>
  );
}

/** How many events came after a pause began. */
function countSince(paused: readonly StoredEvent[] | undefined, events: readonly StoredEvent[] = []): number {
  if (paused === undefined) return 0;
  const seen = new Set(paused.map(keyOf));
  return events.filter((event) => !seen.has(keyOf(event))).length;
}
