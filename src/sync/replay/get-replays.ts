import { z } from 'zod';
import { requireRole } from '../../shared/auth/require-role.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { httpFunction } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { runtime } from '../app.ts';
import { replayResponse, toReplayResponse } from './replay.ts';
import { replayStore } from './replay-store.ts';

const NOT_CACHED = { 'cache-control': 'no-store' };
const notRead = unavailable('Replays cannot be read at the moment: try again.');

const one = {
  name: 'getReplay',
  method: 'GET',
  route: 'admin/replays/{replayId}',
  summary: 'How far a replay has come.',
  roles: ['admin'],
  answers: { 200: { description: 'The replay.', schema: replayResponse } },
  problems: ['replay-not-found'],
} as const;

httpFunction(
  one,
  endpoint(async ({ request }) => {
    requireRole(await runtime().authenticate(request.headers.get('authorization')), one.name, one.roles);
    const id = routeId(request, 'replayId');
    const replay = await replayStore().read(id).catch(notRead);
    if (replay === undefined) throw new Problem('replay-not-found', `There is no replay ${id}.`);
    return { jsonBody: toReplayResponse(replay), headers: NOT_CACHED };
  }),
);

const newest = {
  name: 'getReplays',
  method: 'GET',
  route: 'admin/replays',
  summary: 'Replays, newest first, 100 at most.',
  roles: ['admin'],
  answers: { 200: { description: 'The replays.', schema: z.strictObject({ items: z.array(replayResponse) }) } },
  problems: [],
} as const;

httpFunction(
  newest,
  endpoint(async ({ request }) => {
    requireRole(await runtime().authenticate(request.headers.get('authorization')), newest.name, newest.roles);
    const replays = await replayStore().newest().catch(notRead);
    return { jsonBody: { items: replays.map(toReplayResponse) }, headers: NOT_CACHED };
  }),
);
