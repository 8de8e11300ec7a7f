import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { validate } from '../../shared/http/validate.ts';
import {
  type DeadLetter,
  deadLetterResponse,
  readModelName,
  toDeadLetterResponse,
} from '../../shared/read-models/dead-letters.ts';
import type { SyncApp } from '../app.ts';
import { projectorOf } from '../projector/projector-of.ts';
import { redrive } from './redrive.ts';
import { deadLetters, notWritten, readDeadLetter, type StoredDeadLetter } from './stored-dead-letters.ts';

const one: Operation = {
  name: 'redriveDeadLetter',
  method: 'POST',
  route: 'admin/dead-letters/{deadLetterId}/redrive',
  summary: 'Redrives a dead letter. If it fails again, it keeps the status `waiting` and gets the new reason.',
  roles: ['admin'],
  answers: { 200: { description: 'The dead letter after the attempt.', schema: deadLetterResponse } },
  problems: ['dead-letter-not-found', 'concurrent-update'],
};

export function redriveDeadLetter(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, one, async ({ request }) => {
    const id = routeId(request, 'deadLetterId');
    const letter = await readDeadLetter(app, id);
    const result = await redriveStored(app, letter);
    if (result !== undefined) return { jsonBody: toDeadLetterResponse(result) };
    throw new Problem('concurrent-update', `Another request is redriving dead letter ${id}.`, { retryAfter: 1 });
  });
}

/** Maximum dead letters per call, so that it finishes well within Azure's limit of 230 s for a response. */
const MAX_REDRIVEN = 100;

const body = z.strictObject({ readModel: readModelName.optional() });
const outcome = z.strictObject({ redriven: z.int(), waiting: z.int() });

const all: Operation = {
  name: 'redriveDeadLetters',
  method: 'POST',
  route: 'admin/dead-letters/redrive',
  summary: `Redrives up to ${MAX_REDRIVEN} waiting dead letters of all read models or of one.`,
  roles: ['admin'],
  body: { schema: body, examples: { all: {}, oneReadModel: { readModel: 'order_details' } } },
  answers: {
    200: { description: 'How many were redriven, and how many failed again and are still waiting.', schema: outcome },
  },
  problems: [],
};

export function redriveDeadLetters(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, all, async ({ request }) => {
    const { readModel } = validate(body, await readJsonBody(request));
    const query = {
      query: `SELECT TOP ${MAX_REDRIVEN} * FROM c WHERE c.status = @status`,
      parameters: [{ name: '@status', value: 'waiting' }],
    };
    const options = { maxItemCount: -1, ...(readModel !== undefined && { partitionKey: readModel }) };
    const { resources } = await deadLetters(app)
      .items.query<StoredDeadLetter>(query, options)
      .fetchAll()
      .catch(notWritten);
    let redriven = 0;
    for (const letter of resources) if ((await redriveStored(app, letter))?.status === 'redriven') redriven++;
    return { jsonBody: { redriven, waiting: resources.length - redriven } };
  });
}

/** Returns undefined on an ETag conflict with another redrive. Throws Problem `unavailable`. */
async function redriveStored(
  app: SyncApp,
  { _etag: etag, ...letter }: StoredDeadLetter,
): Promise<DeadLetter | undefined> {
  const readModel = app.projections.find(({ projection }) => projection.container.readModel === letter.readModel);
  if (readModel === undefined) return letter;
  const { projectEvents } = projectorOf(app, readModel.projection);
  return redrive(deadLetters(app), { letter, etag }, projectEvents, new Date(app.runtime.now())).catch(notWritten);
}
