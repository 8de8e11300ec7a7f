import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { replayNotFound } from './get-replays.ts';
import { type Replay, replayResponse, toReplayResponse } from './replay.ts';
import type { ReplayStore } from './replay-store.ts';

/** A run of the replay saves it several times a second, so that a cancellation may need another attempt. */
const MAX_ATTEMPTS = 20;

const operation: Operation = {
  name: 'cancelReplay',
  method: 'DELETE',
  route: 'admin/replays/{replayId}',
  summary:
    'Cancels a running replay: it publishes no more events. Read models keep what has been rebuilt. A replay that has ended does not change.',
  roles: ['admin'],
  answers: { 200: { description: 'The replay afterwards.', schema: replayResponse } },
  problems: ['replay-not-found', 'concurrent-update'],
};

const notCancelled = unavailable('The replay cannot be cancelled at the moment: try again.');

export function cancelReplay(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async (call) => {
    const replayId = routeId(call.request, 'replayId');
    const now = new Date(app.runtime.now()).toISOString();
    const { replay, isChanged } = await cancel(app.replays, replayId, now);
    if (isChanged) logChange(call, operation, { replayId });
    return { jsonBody: toReplayResponse(replay), headers: { 'cache-control': 'no-store' } };
  });
}

interface Cancellation {
  /** The replay afterwards. */
  readonly replay: Replay;
  /** Whether it was still running. */
  readonly isChanged: boolean;
}

/** Ends a replay unless it has ended. `now` is an ISO 8601 time. Throws Problem `replay-not-found`, `concurrent-update` or `unavailable`. */
async function cancel(replays: Pick<ReplayStore, 'read' | 'replace'>, id: string, now: string): Promise<Cancellation> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const stored = await replays.read(id).catch(notCancelled);
    if (stored === undefined) throw replayNotFound(id);
    if (stored.replay.status !== 'running') return { replay: stored.replay, isChanged: false };
    const cancelled: Replay = { ...stored.replay, status: 'cancelled', finishedAt: now };
    const saved = await replays.replace(cancelled, stored.etag).catch(notCancelled);
    if (saved !== undefined) return { replay: cancelled, isChanged: true };
  }
  throw new Problem('concurrent-update', `Replay ${id} is progressing too fast: try again.`, { retryAfter: 1 });
}
