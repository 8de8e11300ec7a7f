import * as z from 'zod';
import { projectTo } from '../../shared/auth/role-views.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import {
  type DocumentState,
  documentAnswers,
  documentResponse,
  INCOMPLETE,
} from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { ERASED } from '../../shared/personal-data/placeholders.ts';
import {
  asksForHistory,
  type HistoryPage,
  historyContinuationToken,
  MAX_HISTORY_ENTRIES,
  TOKEN_WITHOUT_HISTORY,
  toHistoryPage,
} from '../../shared/read-models/history-page.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import { ORDER_VIEWS } from '../../shared/read-models/order-views.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { minVersion, readOrder } from './min-version.ts';
import { orderReader, type StoredEntry, type StoredPage, viewersOf } from './order-reader.ts';

const parameters = z
  .object({ include: orderIncludes, historyContinuationToken, minVersion })
  .refine(asksForHistory, TOKEN_WITHOUT_HISTORY);

const query: Query = {
  name: 'getOrder',
  route: 'orders/{orderId}',
  summary: 'Gets an order from the read model.',
  roles: ['customer', 'admin', 'warehouse'],
  tracedReaders: ['admin', 'warehouse'],
  parameters,
  headers: ['If-None-Match', 'Prefer'],
  answers: documentAnswers(orderResponse, ['Server-Timing'], ORDER_VIEWS),
  problems: ['order-not-found', 'read-model-behind', 'throttled'],
};

/** What reading an order needs of the app. */
export type ReadingApp = Pick<QueriesApp, 'authenticate' | 'callerLimits' | 'database' | 'runtime'>;

export function getOrder(app: ReadingApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const orderId = routeId(request, 'orderId');
    const {
      include,
      historyContinuationToken: after = 0,
      minVersion: atLeast,
    } = validate(parameters, queryParameters(request));
    const reader = orderReader(app, orderId, actor);
    const withHistory = include.has('history');
    const read = withHistory ? () => reader.pageAndHistory(after) : reader.page;
    const { order, entries } = await readOrder(app, { request, actor }, { orderId, atLeast, reader, read });
    const history = withHistory ? toHistoryPage(entries.filter(({ version }) => version <= order.version)) : undefined;
    const state = history === undefined ? stateOf(order) : stateWith(history, order, after);
    const shown = projectTo(toOrderResponse(order, include, history), ORDER_VIEWS, viewersOf(actor, order));
    return documentResponse(request, state, shown, {
      'server-timing': `sync-lag;dur=${Date.parse(order.projectedAt) - Date.parse(order.lastUpdated)}`,
    });
  });
}

/**
 * The state of an order with a page of its history, whose entries are rewritten independently. While an entry is missing, because its
 * event is late, the response must not be cached.
 */
function stateWith(
  { entries }: HistoryPage<StoredEntry>,
  order: StoredPage,
  after: number,
): DocumentState | typeof INCOMPLETE {
  const expected = Math.max(0, Math.min(MAX_HISTORY_ENTRIES, order.version - after));
  const isComplete =
    entries.length === expected && entries.every(({ version }, index) => version === after + 1 + index);
  if (!isComplete) return INCOMPLETE;
  const rewrites = entries.reduce((sum, { revision = 0 }) => sum + revision, order.revision ?? 0);
  return stateOf({ ...order, revision: rewrites === 0 ? undefined : rewrites });
}

type OrderState = DocumentState & Pick<StoredPage, 'customerErased' | 'customerName' | 'customerVersion'>;

/**
 * The state of an order. A read model that is built from nothing starts to count revisions again. So the ETag of an erased customer's order
 * has a third number, which distinguishes it from every ETag from before the erasure. The name is checked too, because a replay projects such
 * an order with placeholders before it projects the erasure.
 */
function stateOf({ version, revision, customerErased, customerName, customerVersion }: OrderState): DocumentState {
  const isErased = customerErased || customerName === ERASED;
  return isErased ? { version, revision: revision ?? 0, detail: customerVersion } : { version, revision };
}
