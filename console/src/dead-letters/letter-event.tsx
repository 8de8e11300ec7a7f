import { type AnyEvent, EventAndSchema } from '../events/event-and-schema.tsx';
import type { DeadLetter } from './dead-letters.ts';
import { eventOf } from './groups.ts';

/** The event of a dead letter beside its schema, or the text that is no event. */
export function LetterEvent({ letter: { event } }: { readonly letter: DeadLetter }) {
  return (
    <div className="letter-event">
      {isEvent(event) ? (
        <EventAndSchema event={event} />
      ) : (
        <>
          <p className="small soft">This is not an event, so it has no schema. As it was received:</p>
          <pre>{typeof event === 'string' ? event : JSON.stringify(event, undefined, 2)}</pre>
        </>
      )}
    </div>
  );
}

function isEvent(event: unknown): event is AnyEvent {
  return eventOf({ event }).eventType !== undefined;
}
