import { useCallback, useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useKnown } from '../api/use-known.ts';
import { type Polled, usePoll } from '../api/use-poll.ts';
import { formatClock } from '../format/times.ts';
import { type Overview, ratesOf } from '../now/overview.ts';
import { ActionResult } from '../parts/action-result.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { RunbookLink } from '../parts/runbook-link.tsx';
import { useConsole } from '../session/session-context.tsx';
import { EndedReplays } from './ended-replays.tsx';
import { ReadModelTable } from './read-model-table.tsx';
import './read-models.css';
import type { Replayable } from './replays.ts';
import { RunningReplays } from './running-replays.tsx';
import { StartReplay } from './start-replay.tsx';
import { useReplays } from './use-replays.ts';

const EVERY_MS = 5_000;

/** How far each read model is behind, by one request every five seconds, and the replays that rebuild them. */
export function ReadModelsPage() {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) => (await orders.GET('/admin/overview', { signal })).data,
    [orders],
  );
  const overview = usePoll(load, EVERY_MS);
  const replays = useReplays();
  const action = useAction();
  const [asked, setAsked] = useState<Replayable>();
  const ask = (readModel: Replayable) => {
    action.clear();
    setAsked(readModel);
  };
  return (
    <div className="stack">
      <div className="page-head">
        <div>
          <h1>Read models</h1>
          <p>
            Each read model follows the events at its own pace. A replay of the event log rebuilds it in place while it
            answers queries.
          </p>
        </div>
        <button type="button" className="button" onClick={() => ask('all')}>
          Replay all
        </button>
      </div>
      <ActionResult end={asked === undefined ? action.end : undefined} />
      {overview.failure !== undefined && <ProblemMessage failure={overview.failure} />}
      <Lags overview={overview} onReplay={ask} />
      <RunningReplays running={replays.running} action={action} onChange={replays.refresh} />
      <EndedReplays ended={replays.ended} failure={replays.failure} isRead={replays.value !== undefined} />
      {asked !== undefined && (
        <StartReplay
          key={asked}
          readModel={asked}
          action={action}
          onStarted={replays.refresh}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

/** The lags as they are, or the last ones with the time since when they are unknown. */
function Lags({
  overview: { value, failure, readAt },
  onReplay,
}: {
  readonly overview: Polled<Overview>;
  readonly onReplay: (readModel: Replayable) => void;
}) {
  const current = failure === undefined ? value : undefined;
  const { known, unknownSince } = useKnown(current?.readModels, readAt);
  const isRead = failure !== undefined || value !== undefined;
  return (
    <section className="card" aria-label="Lag">
      {!isRead && <div className="skeleton rows" />}
      {isRead && unknownSince !== undefined && (
        <p className="unknown">
          <span className="badge">Unknown since {formatClock(unknownSince)}</span>
          <span className="soft small">
            {failure === undefined ? 'Event Hubs cannot be read. ' : 'The sync app does not answer. '}
            <RunbookLink chapter={failure === undefined ? 'read-model-stale' : 'sync-silent'}>What to do</RunbookLink>
          </span>
        </p>
      )}
      {known !== undefined && (
        <ReadModelTable
          readModels={known}
          isKnown={unknownSince === undefined}
          rates={current && ratesOf(current)?.projected}
          onReplay={onReplay}
        />
      )}
    </section>
  );
}
