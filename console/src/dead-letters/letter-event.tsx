import { useCallback } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import type { DeadLetter } from './dead-letters.ts';
import { loadSchema } from './event-schema.ts';
import { eventOf } from './groups.ts';

/** The event of a dead letter beside the schema that it should have. */
export function LetterEvent({ letter }: { readonly letter: DeadLetter }) {
  const { event } = letter;
  const { eventType, schemaVersion } = eventOf(letter);
  const load = useCallback(
    async () => (eventType === undefined ? undefined : loadSchema(eventType, schemaVersion)),
    [eventType, schemaVersion],
  );
  const { value: found, loading } = useLoaded(load);
  const version = schemaVersion ?? 1;
  return (
    <div className="beside">
      <figure>
        <figcaption className="small">
          <strong>Event as received</strong>
        </figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard */}
        <pre tabIndex={0}>{typeof event === 'string' ? event : toJson(event)}</pre>
      </figure>
      <figure>
        <figcaption className="small">
          <strong>{found === undefined ? 'Schema' : `Schema of ${eventType}, version ${found.version}`}</strong>
          {found !== undefined && found.version !== version && (
            <span className="soft"> The event has version {version}, which this release does not know.</span>
          )}
        </figcaption>
        {found === undefined ? (
          <p className="soft">
            {loading ? 'Loading …' : `There is no schema: ${noSchema(eventType)}. See docs/events for all types.`}
          </p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard
          <pre tabIndex={0}>{toJson(found.schema)}</pre>
        )}
      </figure>
    </div>
  );
}

const noSchema = (eventType: string | undefined): string =>
  eventType === undefined ? 'this is not an event' : `this release does not know ${eventType}`;

const toJson = (value: unknown): string => JSON.stringify(value, undefined, 2);
