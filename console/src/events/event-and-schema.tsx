import { useCallback, useState } from 'react';
import { useLoaded } from '../api/use-loaded.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { LockIcon } from '../parts/icons.tsx';
import { annotate, type EventLine } from './annotate.ts';
import './event-and-schema.css';
import { loadSchema, schemaNameOf } from './schemas.ts';

/** An event as it is stored. */
export interface AnyEvent {
  readonly eventType: string;
  readonly schemaVersion?: number;
  readonly [field: string]: unknown;
}

/** The JSON of an event, and beside each line what its schema says. Encrypted fields are marked, and what breaks the schema. */
export function EventAndSchema({ event }: { readonly event: AnyEvent }) {
  const [showsAbsent, setShowsAbsent] = useState(false);
  const name = schemaNameOf(event);
  const load = useCallback(() => loadSchema(name), [name]);
  const { value: schema, loading, failure } = useLoaded(load);
  const lines = annotate(event, schema);
  const absent = lines.filter(isLeftOut).length;
  const broken = lines.filter(({ problem }) => problem !== undefined).length;
  return (
    <div className="event-json">
      <div className="row">
        <strong>{name}</strong>
        {schema !== undefined && (
          <span className={broken === 0 ? 'badge good' : 'badge bad'}>
            {broken === 0 ? 'Follows its schema' : `Breaks its schema: ${broken}`}
          </span>
        )}
        {schema === undefined && !loading && <span className="badge bad">{failure?.title ?? 'No such schema'}</span>}
        <CopyButton text={JSON.stringify(event, undefined, 2)}>Copy JSON</CopyButton>
        {absent > 0 && (
          <button type="button" className="button quiet small" onClick={() => setShowsAbsent((before) => !before)}>
            {showsAbsent ? 'Hide' : 'Show'} optional fields that it lacks
          </button>
        )}
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Schema</th>
          </tr>
        </thead>
        <tbody>
          {lines
            .filter((line) => showsAbsent || !isLeftOut(line))
            .map((line) => (
              <Line key={line.path} line={line} />
            ))}
        </tbody>
      </table>
    </div>
  );
}

/** An optional field that the event does not have. */
const isLeftOut = ({ isAbsent, problem }: EventLine): boolean => isAbsent && problem === undefined;

function Line({
  line: { depth, name, text, isAbsent, isEncrypted, rule, note, problem },
}: {
  readonly line: EventLine;
}) {
  return (
    <tr className={problem === undefined ? '' : 'broken'}>
      <td>
        <code style={{ paddingInlineStart: `${depth * 1.1}rem` }}>
          <b>{name}: </b>
          {isEncrypted ? (
            <span className="encrypted">
              <LockIcon />
              encrypted{text.startsWith('"v2:') && ` ${text}`}
            </span>
          ) : (
            <span className={isAbsent ? 'faint' : ''}>{text}</span>
          )}
        </code>
      </td>
      <td>
        {problem !== undefined && <strong>{problem}</strong>}
        {rule !== undefined && <code>{rule}</code>}
        {note !== undefined && <span className="faint"> {note}</span>}
      </td>
    </tr>
  );
}
