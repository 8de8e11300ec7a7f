import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { validate } from '../../shared/http/validate.ts';
import {
  type DeadLetter,
  deadLetterConsumer,
  deadLetterResponse,
  toDeadLetterResponse,
} from '../../shared/read-models/dead-letters.ts';
import type { SyncApp } from '../app.ts';
import { type AdminCall, logChange } from '../log-change.ts';
import { redrive } from './redrive.ts';
import { REDRIVING_MS, redriveAll } from './redrive-all.ts';
import { redriverOf } from './redriver-of.ts';
import { deadLetters, findWaiting, notWritten, readDeadLetter, type StoredDeadLetter } from './stored-dead-letters.ts';

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
  return authenticatedOperation(app, one, async (call) => {
    const id = routeId(call.request, 'deadLetterId');
    const letter = await readDeadLetter(app, id);
    const result = await redriveStored(app, letter, { call, operation: one });
    if (result !== undefined) return { jsonBody: toDeadLetterResponse(result) };
    throw new Problem('concurrent-update', `Another request is redriving dead letter ${id}.`, { retryAfter: 1 });
  });
}

/** Maximum length of a filter in UTF-16 code units. */
const MAX_FILTER_LENGTH = 400;
const text = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_FILTER_LENGTH, `must have at most ${MAX_FILTER_LENGTH} characters`);

const body = z.strictObject({
  readModel: deadLetterConsumer.optional(),
  reason: text.optional().describe('Text that the reason contains. Case-sensitive.'),
  eventType: text.optional().describe('Type of the event, such as `OrderShipped`.'),
});
const outcome = z.strictObject({
  redriven: z.int(),
  waiting: z.int().describe('How many failed again and are still waiting.'),
  more: z.boolean().describe('Whether time ran out before all matching dead letters were tried.'),
});

const all: Operation = {
  name: 'redriveDeadLetters',
  method: 'POST',
  route: 'admin/dead-letters/redrive',
  summary: `Redrives the waiting dead letters that match all filters in the request, for at most ${REDRIVING_MS / 1000} s.`,
  roles: ['admin'],
  body: {
    schema: body,
    examples: {
      all: {},
      oneReadModel: { readModel: 'order_details' },
      oneFault: { reason: 'the projection failed', eventType: 'OrderShipped' },
    },
  },
  answers: {
    200: { description: 'How many were redriven, how many failed again, and whether there are more.', schema: outcome },
  },
  problems: [],
};

export function redriveDeadLetters(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, all, async (call) => {
    const filter = validate(body, await readJsonBody(call.request));
    const letters = findWaiting(deadLetters(app), filter);
    const jsonBody = await redriveAll(letters, app.runtime, async (letter) => {
      const result = await redriveStored(app, letter, { call, operation: all });
      return result?.status === 'redriven';
    }).catch(notWritten);
    return { jsonBody };
  });
}

/** Redrives a dead letter and logs who did. Returns undefined on an ETag conflict with another redrive. Throws Problem `unavailable`. */
async function redriveStored(
  app: SyncApp,
  { _etag: etag, ...letter }: StoredDeadLetter,
  { call, operation }: { readonly call: AdminCall; readonly operation: Operation },
): Promise<DeadLetter | undefined> {
  const handle = redriverOf(app, letter.readModel);
  const now = new Date(app.runtime.now());
  const result = await redrive(deadLetters(app), { letter, etag }, handle, now).catch(notWritten);
  if (result !== undefined) logChange(call, operation, { deadLetterId: letter.id });
  return result;
}
