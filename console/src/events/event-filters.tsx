import type { SubmitEvent } from 'react';
import type { EventFilter } from './events.ts';
import { EVENT_TYPES, isEventType } from './schemas.ts';

/** What the list can be limited to. Ids must be whole: they are looked up, not searched. */
export function EventFilters({
  filter: { aggregateId, eventType, correlationId },
  onChange,
}: {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
}) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: keyof EventFilter) => String(form.get(name) ?? '').trim();
    const eventType = text('eventType');
    onChange({
      aggregateId: text('aggregateId'),
      eventType: isEventType(eventType) ? eventType : '',
      correlationId: text('correlationId'),
    });
  };
  return (
    <search>
      <form key={`${aggregateId}|${eventType}|${correlationId}`} className="event-filters" onSubmit={submit}>
        <label className="field">
          <span>Id of an order, customer or product</span>
          <input className="input" name="aggregateId" defaultValue={aggregateId} maxLength={400} spellCheck={false} />
        </label>
        <label className="field">
          <span>Event type</span>
          <select className="input" name="eventType" defaultValue={eventType}>
            <option value="">All</option>
            {EVENT_TYPES.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Correlation id</span>
          <input
            className="input"
            name="correlationId"
            defaultValue={correlationId}
            maxLength={400}
            spellCheck={false}
          />
        </label>
        <button type="submit" className="button primary">
          Find
        </button>
      </form>
    </search>
  );
}
