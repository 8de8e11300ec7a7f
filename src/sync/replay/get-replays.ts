import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import type { SyncApp } from '../app.ts';
import { replayResponse, toReplayResponse } from './replay.ts';

const NOT_CACHED = { 'cache-control': 'no-store' };
const notRead = unavailable('Replays cannot be read at the moment: try again.');

const one: Operation = {
  name: 'getReplay',
  method: 'GET',
  route: 'admin/replays/{replayId}',
  summary: 'How far a replay has come.',
  roles: ['admin'],
  answers: { 200: { description: 'The replay.', schema: replayResponse } },
  problems: ['replay-not-found'],
};

export function getReplay(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, one, async ({ request }) => {
    const id = routeId(request, 'replayId');
    const replay = await app.replays.read(id).catch(notRead);
    if (replay === undefined) throw new Problem('replay-not-found', `There is no replay ${id}.`);
    return { jsonBody: toReplayResponse(replay), headers: NOT_CACHED };
  });
}

const newest: Operation = {
  name: 'getReplays',
  method: 'GET',
  route: 'admin/replays',
  summary: 'Replays, newest first, 100 at most.',
  roles: ['admin'],
  answers: { 200: { description: 'The replays.', schema: z.strictObject({ items: z.array(replayResponse) }) } },
  problems: [],
};

export function getReplays(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, newest, async () => {
    const replays = await app.replays.newest().catch(notRead);
    return { jsonBody: { items: replays.map(toReplayResponse) }, headers: NOT_CACHED };
  });
}
