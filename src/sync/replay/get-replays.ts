import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { utcTime } from '../../shared/http/times.ts';
import { validate } from '../../shared/http/validate.ts';
import type { SyncApp } from '../app.ts';
import { countEvents, estimateReplay, replayEstimate } from './estimate.ts';
import { replayResponse, toReplayResponse } from './replay.ts';

const NOT_CACHED = { 'cache-control': 'no-store' };
const notRead = unavailable('Replays cannot be read at the moment: try again.');

/** The problem of a replay that does not exist. */
export const replayNotFound = (id: string): Problem => new Problem('replay-not-found', `There is no replay ${id}.`);

const one: Operation = {
  name: 'getReplay',
  method: 'GET',
  route: 'admin/replays/{replayId}',
  summary: 'Gets a replay and its progress.',
  roles: ['admin'],
  answers: { 200: { description: 'The replay.', schema: replayResponse } },
  problems: ['replay-not-found'],
};

export function getReplay(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, one, async ({ request }) => {
    const id = routeId(request, 'replayId');
    const stored = await app.replays.read(id).catch(notRead);
    if (stored === undefined) throw replayNotFound(id);
    return { jsonBody: toReplayResponse(stored.replay), headers: NOT_CACHED };
  });
}

const parameters = z.object({
  include: z
    .literal('estimate', 'must be estimate')
    .optional()
    .describe('`estimate`: adds the estimated cost of a replay that starts now.')
    .meta({ examples: ['estimate'] }),
  estimateFrom: utcTime
    .optional()
    .describe('Estimates a replay of the events recorded at this time or later. By default, of all events.'),
});

const newest: Operation = {
  name: 'getReplays',
  method: 'GET',
  route: 'admin/replays',
  summary: 'Lists the newest 100 replays, newest first.',
  roles: ['admin'],
  parameters,
  answers: {
    200: {
      description: 'The replays.',
      schema: z.strictObject({ items: z.array(replayResponse), estimate: replayEstimate.exactOptional() }),
    },
  },
  problems: [],
};

export function getReplays(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, newest, async ({ request }) => {
    const { include, estimateFrom } = validate(parameters, queryParameters(request));
    const [replays, events] = await Promise.all([
      app.replays.newest(),
      include === undefined ? undefined : countEvents(app, estimateFrom),
    ]).catch(notRead);
    const estimate = events === undefined ? {} : { estimate: estimateReplay(events) };
    return { jsonBody: { items: replays.map(toReplayResponse), ...estimate }, headers: NOT_CACHED };
  });
}
