import { useId, useState } from 'react';
import { Link } from 'wouter';
import { formatEventType, shortId } from '../format/ids.ts';
import { formatExactTime } from '../format/times.ts';
import { LockIcon } from '../parts/icons.tsx';
import { EventAndSchema } from './event-and-schema.tsx';
import type { StoredEvent } from './events.ts';
import { keyOf } from './lists-of-events.ts';

/** Events as rows, which open to show the event's JSON beside its schema. */
export function EventList({ events, label }: { readonly events: readonly StoredEvent[]; readonly label: string }) {
  return (
    <ol className="events" aria-label={label}>
      {events.map((event) => (
        <EventRow key={keyOf(event)} event={event} />
      ))}
    </ol>
  );
}

function EventRow({ event }: { readonly event: StoredEvent }) {
  const { eventType, aggregateType, aggregateId, version, timestamp, personal } = event;
  const [isOpen, setOpen] = useState(false);
  const detailId = useId();
  return (
    <li>
      <div className="event-row">
        <button
          type="button"
          className="event-name"
          aria-expanded={isOpen}
          aria-controls={detailId}
          onClick={() => setOpen((before) => !before)}
        >
          {formatEventType(eventType)}
        </button>
        <Link href={`/events?aggregateId=${encodeURIComponent(aggregateId)}`}>
          {aggregateType} <code>{shortId(aggregateId)}</code>
        </Link>
        <span className="small faint nowrap">version {version}</span>
        <span className="small faint nowrap">{formatExactTime(timestamp)}</span>
        <span className="small">
          {personal !== undefined && (
            <span className="encrypted">
              <LockIcon /> encrypted
            </span>
          )}
        </span>
      </div>
      <div id={detailId}>{isOpen && <EventDetail event={event} />}</div>
    </li>
  );
}

function EventDetail({ event }: { readonly event: StoredEvent }) {
  const { aggregateType, aggregateId, correlationId, personal } = event;
  const isReadable = personal === undefined;
  return (
    <div className="event-detail">
      <div className="row small">
        {aggregateType === 'Order' && (
          <Link href={`/orders/${encodeURIComponent(aggregateId)}`} className="button small">
            Open the order
          </Link>
        )}
        {isReadable ? (
          <Link href={`/events?correlationId=${encodeURIComponent(correlationId)}`} className="button small">
            Show what the request caused
          </Link>
        ) : (
          <span className="soft">
            The personal data and the correlation id of this event are encrypted with a key of the customer.
          </span>
        )}
      </div>
      <EventAndSchema event={event} />
    </div>
  );
}
