import { z } from 'zod';
import { projectTo } from '../../shared/auth/role-views.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { changesAfter } from '../../shared/read-models/order-change.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import { CHANGES_VIEWS, orderChanges } from '../../shared/read-models/order-views.ts';
import type { QueriesApp } from '../app.ts';
import { preferredWaitMs } from '../reading/prefer-wait.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { type ReadModelDocument, waitUntil } from '../reading/read-document.ts';
import { orderNotFound, orderReader, viewersOf } from './order-reader.ts';

/** Longest wait (s): well below the limits of proxies, so that a client's connection is never cut. */
const MAX_WAIT_SECONDS = 30;

/**
 * How long (ms) a missing version is waited for after the newest one was projected. Its event may be a dead letter, which must not
 * hide all later changes for good.
 */
export const MISSING_VERSION_WAIT_MS = 10_000;

const parameters = z.object({
  after: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .default(0)
    .describe('The last version that the client has seen; 0 for all changes.'),
});

const query: Query = {
  name: 'getOrderChanges',
  route: 'orders/{orderId}/changes',
  summary: 'The changes of an order after a version, as soon as there are any (long polling).',
  roles: ['customer', 'admin', 'warehouse'],
  tracedReaders: ['admin', 'warehouse'],
  parameters,
  headers: ['Prefer'],
  answers: {
    200: {
      description: 'The changes, oldest first. Pass `version` as `after` in the next request.',
      schema: orderChanges,
      views: CHANGES_VIEWS,
    },
    204: { description: 'Nothing changed while the request waited (`Prefer: wait=S`, at most 30 s; by default 5 s).' },
  },
  problems: ['order-not-found'],
};

/** Point reads of the order page while the request waits; the first one decides whether the caller may see the order. */
export function getOrderChanges(app: QueriesApp): HttpFunction {
  const changesIn = (order: OrderDetails & ReadModelDocument, after: number) =>
    changesAfter(order, after, app.runtime.now() - Date.parse(order.projectedAt) >= MISSING_VERSION_WAIT_MS);
  return httpQuery(app, query, async ({ request, actor }) => {
    const orderId = routeId(request, 'orderId');
    const { after } = validate(parameters, queryParameters(request));
    const waitMs = preferredWaitMs(request.headers.get('prefer'), MAX_WAIT_SECONDS);
    const order = await waitUntil(
      orderReader(app, orderId, actor),
      (found) => found !== undefined && changesIn(found, after).length > 0,
      waitMs,
      app.runtime,
    );
    if (order === undefined) throw orderNotFound(orderId);
    const changes = changesIn(order, after);
    const headers = { 'cache-control': 'no-store' };
    const newest = changes.at(-1);
    if (newest === undefined) return { status: 204, headers };
    const body = { changes, version: newest.version };
    return { status: 200, headers, jsonBody: projectTo(body, CHANGES_VIEWS, viewersOf(actor, order)) };
  });
}
