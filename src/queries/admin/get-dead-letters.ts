import { z } from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import {
  type DeadLetter,
  deadLetterResponse,
  readModelName,
  toDeadLetterResponse,
} from '../../shared/read-models/dead-letters.ts';
import type { QueriesApp } from '../app.ts';
import { listAnswers, listResponse } from '../reading/list-response.ts';
import { equals, pageParameters, readPage } from '../reading/paging.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const parameters = z.object({
  readModel: readModelName.optional().meta({ examples: ['order_details'] }),
  status: z.enum(['waiting', 'redriven']).optional(),
  ...pageParameters,
});

const query: Query = {
  name: 'getDeadLetters',
  route: 'admin/dead-letters',
  summary: 'Events that a projection could not handle, newest first.',
  roles: ['admin'],
  parameters,
  answers: listAnswers(deadLetterResponse),
  problems: [],
};

export function getDeadLetters(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { readModel, status, ...page } = validate(parameters, queryParameters(request));
    const container = app.database.container(DEAD_LETTERS.name);
    const found = await readPage<DeadLetter>(container, [equals('status', status)], page, readModel);
    return listResponse(found, toDeadLetterResponse);
  });
}
