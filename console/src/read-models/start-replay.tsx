import { useCallback, useState } from 'react';
import type { Action } from '../api/use-action.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { formatCount } from '../format/numbers.ts';
import { toInstant } from '../format/times.ts';
import { ActionResult } from '../parts/action-result.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemMessage } from '../parts/problem-message.tsx';
import { RunbookLink } from '../parts/runbook-link.tsx';
import { useConsole } from '../session/session-context.tsx';
import { formatReplayed, type Replayable, type ReplayEstimate } from './replays.ts';

/** Asks before a replay starts, and says what it would cost. */
export function StartReplay({
  readModel,
  action: { run, busy, end },
  onStarted,
  onClose,
}: {
  readonly readModel: Replayable;
  readonly action: Action;
  readonly onStarted: () => void;
  readonly onClose: () => void;
}) {
  const { orders } = useConsole();
  /** As the field has it: local time, or empty. */
  const [local, setLocal] = useState('');
  const from = toInstant(local);
  const isInvalid = local !== '' && from === undefined;
  const load = useCallback(
    async (signal: AbortSignal) => {
      const query = { include: 'estimate', ...(from !== undefined && { estimateFrom: from }) } as const;
      return (await orders.GET('/admin/replays', { params: { query }, signal })).data.estimate;
    },
    [orders, from],
  );
  const { value: estimate, failure, loading } = useLoaded(load);
  const start = async () => {
    const body = { readModel, ...(from !== undefined && { from }) };
    const started = await run(
      (headers) => orders.POST('/admin/replays', { body, headers }),
      ({ replayId }) => ({ title: 'The replay has started', detail: `Its id is ${replayId}.` }),
    );
    if (!started) return;
    onStarted();
    onClose();
  };
  return (
    <Dialog
      title={`Replay: ${formatReplayed(readModel).toLowerCase()}`}
      confirm="Start the replay"
      busy={busy || loading || isInvalid}
      onConfirm={() => void start()}
      onClose={onClose}
    >
      <p className="soft">
        Queries and commands continue. Documents that are up to date stay as they are.{' '}
        <RunbookLink chapter="replay-a-read-model">How it works</RunbookLink>
      </p>
      <label className="field">
        <span>Only events since (optional)</span>
        <input
          className="input"
          type="datetime-local"
          max="9999-12-31T23:59"
          value={local}
          aria-invalid={isInvalid}
          onChange={(event) => setLocal(event.target.value)}
        />
      </label>
      {isInvalid && (
        <p className="small" role="alert">
          This is not a valid time. Use a four-digit year.
        </p>
      )}
      {failure !== undefined && <ProblemMessage failure={failure} />}
      {estimate !== undefined && !isInvalid && <Cost estimate={estimate} readModel={readModel} />}
      {end !== undefined && 'failure' in end && <ActionResult end={end} />}
    </Dialog>
  );
}

function Cost({ estimate, readModel }: { readonly estimate: ReplayEstimate; readonly readModel: Replayable }) {
  const cost = estimate.readModels.find((one) => one.readModel === readModel)?.requestUnits;
  if (cost === undefined) return null;
  return (
    <div className="cost">
      <dl className="facts">
        <div>
          <dt>Events</dt>
          <dd>{formatCount(estimate.events)}</dd>
        </div>
        <div>
          <dt>If all is up to date</dt>
          <dd>{formatCount(cost.upToDate)} RU</dd>
        </div>
        <div>
          <dt>If all is rebuilt</dt>
          <dd>{formatCount(cost.rebuilt)} RU</dd>
        </div>
      </dl>
      <p className="small soft">
        An estimate of the request units of Cosmos DB: the number of events times the counted cost of one.
      </p>
    </div>
  );
}
