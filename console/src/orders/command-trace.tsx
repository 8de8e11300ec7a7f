import { formatDuration } from '../format/times.ts';
import { CorrelationId } from '../parts/correlation-id.tsx';
import { ANSWERED, type TraceStep } from './trace-command.ts';

/** What followed from the last command in this page, as bars from the moment it was sent. */
export function CommandTrace({
  last: { version, steps, correlationId },
}: {
  readonly last: { readonly version: number; readonly steps: readonly TraceStep[]; readonly correlationId: string };
}) {
  const longest = Math.max(...steps.map(({ ms }) => ms), 1);
  return (
    <section className="card">
      <header>
        <h2>Your last command</h2>
        <span className="small faint">version {version}, from the click</span>
      </header>
      <ol className="trace">
        {steps
          .toSorted((a, b) => a.ms - b.ms)
          .map(({ name, ms }) => (
            <li key={name}>
              <span>{name}</span>
              <strong>{formatDuration(ms)}</strong>
              <i className={name === ANSWERED ? 'trace-bar write' : 'trace-bar'}>
                <i style={{ width: `${(ms / longest) * 100}%` }} />
              </i>
            </li>
          ))}
      </ol>
      <p className="small faint">
        As seen by this page, which asks each read model every 100 ms, and less often after half a second.
      </p>
      <CorrelationId id={correlationId} />
    </section>
  );
}
