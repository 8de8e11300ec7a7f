import { z } from 'zod';
import { documentAnswers, documentResponse } from '../shared/http/document-response.ts';
import { routeId } from '../shared/http/identifiers.ts';
import { Problem } from '../shared/http/problem.ts';
import { queryParameters } from '../shared/http/query-parameters.ts';
import { validate } from '../shared/http/validate.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../shared/read-models/order-response.ts';
import { orderNotFound, orderReader } from './order-reader.ts';
import { httpQuery } from './query-endpoint.ts';
import { waitForVersion } from './read-document.ts';

/** Longest time (s) that a query waits for a version, and how long it does without a `Prefer: wait` (RFC 7240, section 4.3). */
const MAX_WAIT_SECONDS = 5;

const parameters = z.object({
  include: orderIncludes,
  minVersion: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .optional()
    .describe('The version that a command has answered: the order is waited for until the read model has it.'),
});

const operation = {
  name: 'getOrder',
  route: 'orders/{orderId}',
  summary: 'The order page.',
  roles: ['customer', 'admin', 'warehouse'],
  parameters,
  headers: ['If-None-Match', 'Prefer'],
  answers: documentAnswers(orderResponse, ['Server-Timing']),
  problems: ['order-not-found', 'read-model-behind'],
} as const;

/** One point read, repeated only while a client waits for its own write. */
httpQuery(operation, async ({ request, actor }) => {
  const orderId = routeId(request, 'orderId');
  const { include, minVersion } = validate(parameters, queryParameters(request));
  const waitMs = minVersion === undefined ? 0 : waitSeconds(request.headers.get('prefer')) * 1000;
  const order = await waitForVersion(orderReader(orderId, actor), minVersion ?? 0, waitMs);
  if (minVersion !== undefined && (order?.version ?? 0) < minVersion) throw behind(orderId, minVersion);
  if (order === undefined) throw orderNotFound(orderId);
  return documentResponse(request, order, toOrderResponse(order, include), {
    'server-timing': `sync-lag;dur=${Date.parse(order.projectedAt) - Date.parse(order.lastUpdated)}`,
  });
});

function waitSeconds(prefer: string | null): number {
  const wanted = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  return Math.min(Number(wanted ?? MAX_WAIT_SECONDS), MAX_WAIT_SECONDS);
}

function behind(orderId: string, minVersion: number): Problem {
  const detail = `Version ${minVersion} of order ${orderId} has not arrived in the read model yet: try again.`;
  return new Problem('read-model-behind', detail, { retryAfter: 1 });
}
