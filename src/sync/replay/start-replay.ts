import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { utcTime } from '../../shared/http/times.ts';
import { validate } from '../../shared/http/validate.ts';
import { currentTraceparent, describeSpan, withSpan } from '../../shared/telemetry/tracing.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { countEvents } from './estimate.ts';
import { newReplay, REPLAYABLE, type ReplayRequest } from './replay.ts';

const body = z.strictObject({
  readModel: z
    .enum(REPLAYABLE, `must be one of ${REPLAYABLE.join(', ')}`)
    .describe('The read model to rebuild, or `all`.'),
  from: utcTime.optional().describe('Replays only events recorded at this time or later. By default, all events.'),
});

const operation: Operation = {
  name: 'startReplay',
  method: 'POST',
  route: 'admin/replays',
  summary:
    'Starts a replay of the event log, which rebuilds one read model or all in place. Queries and commands stay available.',
  roles: ['admin'],
  body: {
    schema: body,
    examples: { oneReadModel: { readModel: 'order_details' }, all: { readModel: 'all', from: '2026-01-31T00:00:00Z' } },
  },
  answers: {
    202: {
      description: 'The replay has started.',
      schema: z.strictObject({ replayId: z.string() }),
      headers: ['Location'],
    },
  },
  problems: [],
};

const notStarted = unavailable('A replay cannot be started at the moment: try again.');

export function startReplay(app: SyncApp): HttpFunction {
  const { newId, now } = app.runtime;
  return authenticatedOperation(app, operation, async (call) => {
    const requested = validate(body, await readJsonBody(call.request));
    const replayId = newId();
    describeSpan(() => ({ 'cqrs.replay_id': replayId }));
    await createReplay(app, replayId, requested, new Date(now()).toISOString()).catch(notStarted);
    logChange(call, operation, { replayId });
    return { status: 202, headers: { location: `/api/admin/replays/${replayId}` }, jsonBody: { replayId } };
  });
}

/** Stores the replay, in the first span of its own trace: it lasts much longer than the request that starts it. */
export function createReplay(app: SyncApp, id: string, requested: ReplayRequest, now: string): Promise<void> {
  const attributes = () => ({ 'cqrs.replay_id': id, 'cqrs.read_model': requested.readModel });
  const span = {
    name: `replay ${requested.readModel}`,
    parent: 'none',
    linksTo: [currentTraceparent()],
    attributes,
  } as const;
  return withSpan(span, async () => {
    const beat = await (await app.writeDatabase()).recordHeartbeat();
    const total = await countEvents(app, requested.from);
    const replay = newReplay(id, requested, { total, beat }, now);
    const traceparent = currentTraceparent();
    await app.replays.create({ ...replay, ...(traceparent !== undefined && { traceparent }) });
  });
}
