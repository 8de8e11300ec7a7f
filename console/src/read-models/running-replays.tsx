import { useState } from 'react';
import type { Action } from '../api/use-action.ts';
import { formatCount } from '../format/numbers.ts';
import { formatDateTime, formatDuration } from '../format/times.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { RunbookLink } from '../parts/runbook-link.tsx';
import { useConsole } from '../session/session-context.tsx';
import { formatReplayed, type Replay, timeLeft } from './replays.ts';

/** The replays that run or wait, with their progress. */
export function RunningReplays({
  running,
  action: { run, busy, end, clear },
  onChange,
}: {
  readonly running: readonly Replay[];
  readonly action: Action;
  readonly onChange: () => void;
}) {
  const { orders } = useConsole();
  const [asked, setAsked] = useState<Replay>();
  const ask = (replay: Replay) => {
    clear();
    setAsked(replay);
  };
  const cancel = async ({ replayId }: Replay) => {
    const params = { path: { replayId } };
    const cancelled = await run(
      (headers) => orders.DELETE('/admin/replays/{replayId}', { params, headers }),
      ({ status, done }) => ({
        title: status === 'cancelled' ? 'The replay is cancelled' : `The replay had already ${status}`,
        detail: `The read models had processed ${formatCount(done)} of its events.`,
      }),
    );
    if (!cancelled) return;
    setAsked(undefined);
    onChange();
  };
  return (
    <>
      {running.map((replay, index) => (
        <section key={replay.replayId} className="card" aria-label={`Replay of ${formatReplayed(replay.readModel)}`}>
          <header>
            <h2>Replay: {formatReplayed(replay.readModel).toLowerCase()}</h2>
            <button type="button" className="button danger small" onClick={() => ask(replay)}>
              Cancel
            </button>
          </header>
          <Progress replay={replay} waits={index > 0} />
        </section>
      ))}
      {asked !== undefined && (
        <Dialog
          title="Cancel the replay?"
          confirm="Cancel the replay"
          danger
          busy={busy}
          onConfirm={() => void cancel(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p className="soft">
            It publishes no more events, and cannot be resumed. The read model keeps what has been rebuilt, and stays
            complete: a replay deletes nothing.
          </p>
          {end !== undefined && 'failure' in end && <ProblemMessage failure={end.failure} />}
        </Dialog>
      )}
    </>
  );
}

function Progress({ replay, waits }: { readonly replay: Replay; readonly waits: boolean }) {
  const { done, total, source, error, startedAt, from } = replay;
  const percent = total === 0 ? 0 : Math.min(100, Math.floor((done / total) * 100));
  const left = timeLeft(replay, Date.now());
  return (
    <>
      <div
        className="progress"
        role="progressbar"
        aria-label="Progress"
        aria-valuenow={percent}
        aria-valuetext={`${formatCount(done)} of ${formatCount(total)} events`}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
      <p className="row small">
        <strong>{percent} %</strong>
        <span>
          {formatCount(done)} of {formatCount(total)} events
        </span>
        <span className="soft">
          {waits ? 'waits for the one before' : left !== undefined && `about ${formatDuration(left)} left`}
        </span>
        <span className="faint">
          started {formatDateTime(startedAt)}
          {from !== undefined && `, events since ${formatDateTime(from)}`}
          {source === 'waiting' && ', waits for the replica'}
        </span>
      </p>
      {error !== undefined && (
        <p className="small">
          <span className="badge bad">The last run failed</span> {error}{' '}
          <RunbookLink chapter="replay-failing">What to do</RunbookLink>
        </p>
      )}
    </>
  );
}
