import type { Failure } from '../api/commands.ts';
import { formatCount } from '../format/numbers.ts';
import { formatDateTime, formatDuration } from '../format/times.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ListIcon } from '../parts/icons.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { formatReplayed, type Replay } from './replays.ts';

const TONES: Readonly<Record<Replay['status'], string>> = {
  running: 'accent',
  completed: 'good',
  failed: 'bad',
  cancelled: '',
};

/** The replays that have ended, the newest first. */
export function EndedReplays({
  ended,
  failure,
  isRead,
}: {
  readonly ended: readonly Replay[];
  readonly failure: Failure | undefined;
  readonly isRead: boolean;
}) {
  return (
    <section className="card">
      <header>
        <h2>Earlier replays</h2>
        <span className="small faint">of the newest 100</span>
      </header>
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {isRead && ended.length === 0 && (
        <EmptyState icon={<ListIcon />} title="No replay has ended yet">
          Start one when a projection has a new version, a read model is damaged, or events were missed. The replay of a
          read model that is up to date writes nothing, so it is safe to try.
        </EmptyState>
      )}
      {ended.length > 0 && (
        <div className="replay-list">
          {ended.map((replay) => (
            <EndedReplay key={replay.replayId} replay={replay} />
          ))}
        </div>
      )}
    </section>
  );
}

function EndedReplay({
  replay: { readModel, status, done, total, from, startedAt, finishedAt, error },
}: {
  readonly replay: Replay;
}) {
  return (
    <div>
      <strong>{formatReplayed(readModel)}</strong>
      <span className={`badge ${TONES[status]}`}>{status.charAt(0).toUpperCase() + status.slice(1)}</span>
      <span className="small">
        {done === total ? formatCount(total) : `${formatCount(done)} of ${formatCount(total)}`} events
        {from !== undefined && ` since ${formatDateTime(from)}`}
      </span>
      <span className="small faint">
        {formatDateTime(startedAt)}
        {finishedAt !== undefined && `, took ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`}
      </span>
      {error !== undefined && <p className="small">{error}</p>}
    </div>
  );
}
