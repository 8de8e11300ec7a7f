import { plural } from '../format/numbers.ts';
import { formatExactTime } from '../format/times.ts';
import { EventList } from './event-list.tsx';
import type { StoredEvent } from './events.ts';
import { causationOf } from './lists-of-events.ts';

/** What a request has caused: its correlation id, its commands, and the events of each. */
export function CausationTree({
  correlationId,
  events,
}: {
  readonly correlationId: string;
  readonly events: readonly StoredEvent[];
}) {
  const commands = causationOf(events);
  return (
    <ul className="causation" aria-label="Causation tree">
      <li>
        <p>
          <strong>Request</strong> <code>{correlationId}</code>
          <span className="small faint">
            {' '}
            caused {plural(commands.length, 'command')} and {plural(events.length, 'event')}
          </span>
        </p>
        <ul>
          {commands.map(({ causationId, userId, events: caused }) => (
            <li key={causationId}>
              <p>
                <strong>Command</strong> <code title={causationId}>{causationId.slice(0, 12)}…</code>
                <span className="small faint">
                  {' '}
                  by {userId}, {formatExactTime(caused[0]?.timestamp ?? 0)}
                </span>
              </p>
              <EventList events={caused} label="Events of the command" />
            </li>
          ))}
        </ul>
      </li>
    </ul>
  );
}
