import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { validate } from '../../shared/http/validate.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import {
  type DeadLetter,
  deadLetterResponse,
  readModelName,
  readModelOf,
  toDeadLetterResponse,
} from '../../shared/read-models/dead-letters.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import type { SyncApp } from '../app.ts';
import { projectorOf } from '../projector/projector-of.ts';
import { redrive } from './redrive.ts';

const one: Operation = {
  name: 'redriveDeadLetter',
  method: 'POST',
  route: 'admin/dead-letters/{deadLetterId}/redrive',
  summary: 'Tries a dead letter again; it is redriven, or waiting with the newest reason.',
  roles: ['admin'],
  answers: { 200: { description: 'The dead letter after the try.', schema: deadLetterResponse } },
  problems: ['dead-letter-not-found', 'concurrent-update'],
};

export function redriveDeadLetter(app: SyncApp): HttpFunction {
  return authenticatedOperation(app, one, async ({ request }) => {
    const id = routeId(request, 'deadLetterId');
    const { resource: letter } = await deadLetters(app)
      .item(documentId(id), readModelOf(id))
      .read<StoredDeadLetter>()
      .catch(notWritten);
    if (letter === undefined) throw new Problem('dead-letter-not-found', `There is no dead letter ${id}.`);
    const tried = await redriveStored(app, letter);
    if (tried !== undefined) return { jsonBody: toDeadLetterResponse(tried) };
    throw new Problem('concurrent-update', `Someone else is redriving ${id}.`, { retryAfter: 1 });
  });
}

/** Maximum dead letters per call, so that it ends well before Azure's limit of 230 s for an answer. */
const MAX_REDRIVEN = 100;

const body = z.strictObject({ readModel: readModelName.optional() });
const outcome = z.strictObject({ redriven: z.int(), waiting: z.int() });

const all: Operation = {
  name: 'redriveDeadLetters',
  method: 'POST',
  route: 'admin/dead-letters/redrive',
  summary: `Tries waiting dead letters again, of all read models or of one, ${MAX_REDRIVEN} at most.`,
  roles: ['admin'],
  body: { schema: body, examples: { all: {}, oneReadModel: { readModel: 'order_details' } } },
  answers: {
    200: { description: 'How many of those tried are redriven, and how many are still waiting.', schema: outcome },
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

const notWritten = unavailable('The read model cannot be written at the moment: try again.');

const deadLetters = ({ database }: SyncApp): Container => database.container(DEAD_LETTERS.name);

type StoredDeadLetter = DeadLetter & { readonly _etag: string };

/** Undefined when someone else redrives it at the same time. Throws Problem `unavailable`. */
async function redriveStored(
  app: SyncApp,
  { _etag: etag, ...letter }: StoredDeadLetter,
): Promise<DeadLetter | undefined> {
  const readModel = app.projections.find(({ projection }) => projection.container.name === letter.readModel);
  if (readModel === undefined) return letter;
  const { projectEvents } = projectorOf(app, readModel.projection);
  return redrive(deadLetters(app), { letter, etag }, projectEvents, new Date()).catch(notWritten);
}
