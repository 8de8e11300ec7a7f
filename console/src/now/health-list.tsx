import { plural } from '../format/numbers.ts';
import { formatClock } from '../format/times.ts';
import type { Overview } from './overview.ts';

const NAMES: Readonly<Record<string, string>> = {
  commands: 'Command app',
  sync: 'Sync app',
  queries: 'Query app',
  sql: 'Azure SQL',
  'event-hubs': 'Event Hubs',
  'cosmos-db': 'Cosmos DB',
};

/** Which apps run, and whether their dependencies can be used. */
export function HealthList({
  overview,
  unknownSince,
}: {
  readonly overview: Overview;
  readonly unknownSince: string | undefined;
}) {
  return (
    <section className="card">
      <header>
        <h2>Health</h2>
        <span className="small faint">apps and dependencies</span>
      </header>
      <ul className="health">
        {overview.apps.map(({ app, instances, lastSeen }) => (
          <li key={app}>
            <span>{NAMES[app]}</span>
            {unknownSince === undefined ? (
              <AppState instances={instances} lastSeen={lastSeen} />
            ) : (
              <Unknown since={unknownSince} />
            )}
          </li>
        ))}
        {overview.dependencies.map(({ dependency, status }) => (
          <li key={dependency}>
            <span>{NAMES[dependency]}</span>
            {unknownSince === undefined ? (
              <span className={status === 'up' ? 'badge good' : 'badge bad'}>{status === 'up' ? 'Up' : 'Down'}</span>
            ) : (
              <Unknown since={unknownSince} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An app without an instance is scaled to zero, or down. */
function AppState({ instances, lastSeen }: { readonly instances: number; readonly lastSeen: string | undefined }) {
  if (instances > 0) return <span className="badge good">{plural(instances, 'instance')}</span>;
  return (
    <span className="badge" title="Scaled to zero, or down">
      {lastSeen === undefined ? 'Not seen yet' : `Not seen since ${formatClock(lastSeen)}`}
    </span>
  );
}

const Unknown = ({ since }: { readonly since: string }) => <span className="badge">Unknown since {since}</span>;
