import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { validate } from '../../shared/http/validate.ts';
import { type DeadLetter, deadLetterResponse, toDeadLetterResponse } from '../../shared/read-models/dead-letters.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { SyncApp } from '../app.ts';
import { logChange } from '../log-change.ts';
import { deadLetters, notWritten, readDeadLetter } from './stored-dead-letters.ts';

/** Maximum length of a reason in UTF-16 code units. */
const MAX_REASON_LENGTH = 400;

const body = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(MAX_REASON_LENGTH, `must have at most ${MAX_REASON_LENGTH} characters`),
});

const operation: Operation = {
  name: 'discardDeadLetter',
  method: 'POST',
  route: 'admin/dead-letters/{deadLetterId}/discard',
  summary:
    'Discards a waiting dead letter, so that it no longer waits. One that was redriven or discarded stays as it is.',
  roles: ['admin'],
  body: { schema: body, examples: { notAnEvent: { reason: 'A test message, not an event' } } },
  answers: { 200: { description: 'The dead letter afterwards.', schema: deadLetterResponse } },
  problems: ['dead-letter-not-found', 'concurrent-update'],
};

export function discardDeadLetter(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, operation, async (call) => {
    const { reason } = validate(body, await readJsonBody(call.request));
    const id = routeId(call.request, 'deadLetterId');
    const { _etag: etag, ...letter } = await readDeadLetter(app, id);
    if (letter.status !== 'waiting') return { jsonBody: toDeadLetterResponse(letter) };
    const discarded: DeadLetter = { ...letter, status: 'discarded', discardReason: reason };
    const place = { partitionKey: letter.readModel, etag };
    const stored = await replaceIfUnchanged(deadLetters(app), discarded, place).catch(notWritten);
    if (stored === undefined) {
      throw new Problem('concurrent-update', `Another request has changed dead letter ${id}.`, { retryAfter: 1 });
    }
    logChange(call, operation, { deadLetterId: id });
    return { jsonBody: toDeadLetterResponse(discarded) };
  });
}
