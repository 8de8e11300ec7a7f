import type { Container } from '@azure/cosmos';
import { z } from 'zod';
import { requireRole } from '../../shared/auth/require-role.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { readJsonBody } from '../../shared/http/json-body.ts';
import { httpFunction } from '../../shared/http/operation.ts';
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
import { runtime } from '../app.ts';
import { projectionOf } from '../projector/event-hub-trigger.ts';
import { redrive } from './redrive.ts';

const one = {
  name: 'redriveDeadLetter',
  method: 'POST',
  route: 'admin/dead-letters/{deadLetterId}/redrive',
  summary: 'Tries a dead letter again; it is redriven, or waiting with the newest reason.',
  roles: ['admin'],
  answers: { 200: { description: 'The dead letter after the try.', schema: deadLetterResponse } },
  problems: ['dead-letter-not-found', 'concurrent-update'],
} as const;

httpFunction(
  one,
  endpoint(async ({ request }) => {
    requireRole(await runtime().authenticate(request.headers.get('authorization')), one.name, one.roles);
    const id = routeId(request, 'deadLetterId');
    const container = deadLetters();
    const { resource: letter } = await container
      .item(documentId(id), readModelOf(id))
      .read<DeadLetter & { readonly _etag: string }>()
      .catch(notWritten);
    if (letter === undefined) throw new Problem('dead-letter-not-found', `There is no dead letter ${id}.`);
    const tried = await redriveStored(container, letter);
    if (tried !== undefined) return { jsonBody: toDeadLetterResponse(tried) };
    throw new Problem('concurrent-update', `Someone else is redriving ${id}.`, { retryAfter: 1 });
  }),
);

/** Most dead letters of one call, so that it ends well before Azure's 230 s for an answer; the next call goes on. */
const MAX_REDRIVEN = 100;

const body = z.strictObject({ readModel: readModelName.optional() });
const outcome = z.strictObject({ redriven: z.int(), waiting: z.int() });

const all = {
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
} as const;

httpFunction(
  all,
  endpoint(async ({ request }) => {
    requireRole(await runtime().authenticate(request.headers.get('authorization')), all.name, all.roles);
    const { readModel } = validate(body, await readJsonBody(request));
    const container = deadLetters();
    const query = {
      query: `SELECT TOP ${MAX_REDRIVEN} * FROM c WHERE c.status = @status`,
      parameters: [{ name: '@status', value: 'waiting' }],
    };
    const options = { maxItemCount: -1, ...(readModel !== undefined && { partitionKey: readModel }) };
    const { resources } = await container.items
      .query<DeadLetter & { readonly _etag: string }>(query, options)
      .fetchAll()
      .catch(notWritten);
    let redriven = 0;
    for (const letter of resources) if ((await redriveStored(container, letter))?.status === 'redriven') redriven++;
    return { jsonBody: { redriven, waiting: resources.length - redriven } };
  }),
);

const notWritten = unavailable('The read model cannot be written at the moment: try again.');

const deadLetters = (): Container => runtime().database.container(DEAD_LETTERS.name);

/** Undefined when someone else redrives it at the same time. Throws Problem `unavailable`. */
async function redriveStored(
  container: Container,
  { _etag: etag, ...letter }: DeadLetter & { readonly _etag: string },
): Promise<DeadLetter | undefined> {
  const project = projectionOf(letter.readModel);
  if (project === undefined) return letter;
  try {
    return await redrive(container, { letter, etag }, project, new Date());
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 412) return undefined;
    return notWritten(error);
  }
}
