import type { Container } from '@azure/cosmos';
import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { listResponse } from '../../shared/http/list-response.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { acrossPartitions } from '../../shared/read-models/across-partitions.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import {
  type DeadLetter,
  deadLetterConsumer,
  deadLetterResponse,
  deadLetterStatus,
  toDeadLetterResponse,
} from '../../shared/read-models/dead-letters.ts';
import { equals, pageParameters, readPage } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const parameters = z.object({
  readModel: deadLetterConsumer.optional().meta({ examples: ['order_details'] }),
  status: deadLetterStatus.optional(),
  ...pageParameters,
});

const query: Query = {
  name: 'getDeadLetters',
  route: 'admin/dead-letters',
  summary:
    'Lists dead letters, the events that a projection or the webhooks could not handle, newest first, with the number of those that wait.',
  roles: ['admin'],
  parameters,
  answers: {
    200: {
      description: 'A page of the list. The last page has no `continuationToken`.',
      schema: z.strictObject({
        items: z.array(deadLetterResponse),
        waiting: z.int().describe('Number of waiting dead letters, of all read models or of the one in the request.'),
        continuationToken: z.string().exactOptional(),
      }),
    },
  },
  problems: [],
};

export function getDeadLetters(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request }) => {
    const { readModel, status, ...page } = validate(parameters, queryParameters(request));
    const container = app.database.container(DEAD_LETTERS.name);
    const [found, waiting] = await Promise.all([
      readPage<DeadLetter>(container, [equals('status', status)], page, readModel),
      countWaiting(container, readModel),
    ]);
    const { jsonBody, ...response } = listResponse(found, toDeadLetterResponse);
    return { ...response, jsonBody: { ...jsonBody, waiting } };
  });
}

/** Counts the waiting dead letters of one read model or of all. Throws Problem `unavailable`. */
async function countWaiting(container: Container, readModel: string | undefined): Promise<number> {
  const query = {
    query: 'SELECT VALUE COUNT(1) FROM c WHERE c.status = @status',
    parameters: [{ name: '@status', value: 'waiting' }],
  };
  const options = readModel === undefined ? acrossPartitions(1) : { partitionKey: readModel };
  const { resources } = await container.items.query<number>(query, options).fetchAll().catch(notRead);
  return resources.reduce((sum, count) => sum + count, 0);
}

const notRead = unavailable('The read model cannot be read at the moment: try again.');
