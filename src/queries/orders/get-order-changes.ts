import * as z from 'zod';
import { projectTo } from '../../shared/auth/role-views.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { inDigits, queryParameters, wholeNumber } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { MAX_HISTORY_ENTRIES, toHistoryPage } from '../../shared/read-models/history-page.ts';
import { STRONG } from '../../shared/read-models/open-database.ts';
import { changesAfter } from '../../shared/read-models/order-change.ts';
import { CHANGES_VIEWS, orderChanges } from '../../shared/read-models/order-views.ts';
import type { QueriesApp } from '../app.ts';
import { preferredWaitMs } from '../reading/prefer-wait.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { type FoundOrder, orderNotFound, orderReader, viewersOf } from './order-reader.ts';
import { waitForVersion } from './wait-for-version.ts';

/** Longest wait (s): well below the limits of proxies, so that a client's connection is never cut. */
export const MAX_WAIT_SECONDS = 30;

/**
 * How long (ms) a missing version is waited for after the newest one was projected. Its event may be a dead letter, which must not
 * hide all later changes for good.
 */
export const MISSING_VERSION_WAIT_MS = 10_000;

const parameters = z.object({
  after: inDigits(wholeNumber.min(0, 'must be at least 0').default(0)).describe(
    'The last version that the client has seen; 0 for all changes.',
  ),
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
      description: `The changes, oldest first, at most ${MAX_HISTORY_ENTRIES}. Pass \`version\` as \`after\` in the next request.`,
      schema: orderChanges,
      views: CHANGES_VIEWS,
    },
    204: { description: 'Nothing changed while the request waited (`Prefer: wait=S`, at most 30 s; by default 5 s).' },
  },
  problems: ['order-not-found', 'throttled'],
};

/**
 * One read of the history, and a second one after a wait for the next version. The first decides whether the caller may see the order.
 * Both see every earlier write: a client that has just connected and gets no changes here waits for a push, and the push of a change
 * that a replica of the read model does not have yet may already have been sent.
 */
export function getOrderChanges(app: QueriesApp): HttpFunction {
  const changesIn = (found: FoundOrder | undefined, after: number) =>
    found === undefined ? [] : changesOf(found, after, app.runtime.now());
  return httpQuery(app, query, async ({ request, actor }) => {
    const orderId = routeId(request, 'orderId');
    const { after } = validate(parameters, queryParameters(request));
    const waitMs = preferredWaitMs(request.headers.get('prefer'), MAX_WAIT_SECONDS);
    const reader = orderReader(app, orderId, actor);
    const read = () => reader.pageAndHistory(after, STRONG);
    const first = await read();
    const mustWait = changesIn(first, after).length === 0 && waitMs > 0;
    const found = mustWait
      ? await app.callerLimits.waiting(actor, () =>
          waitForVersion(app.runtime, reader, {
            version: after + 1,
            read,
            isDone: (later) => changesIn(later, after).length > 0,
            waitMs,
          }),
        )
      : first;
    if (found === undefined) throw orderNotFound(orderId);
    const changes = changesIn(found, after);
    const headers = { 'cache-control': 'no-store' };
    const newest = changes.at(-1);
    if (newest === undefined) return { status: 204, headers };
    const body = { changes, version: newest.version };
    return { status: 200, headers, jsonBody: projectTo(body, CHANGES_VIEWS, viewersOf(actor, found.order)) };
  });
}

/** @param now milliseconds since 1970 */
function changesOf({ order, entries }: FoundOrder, after: number, now: number) {
  const skipMissing = now - Date.parse(order.projectedAt) >= MISSING_VERSION_WAIT_MS;
  return changesAfter(toHistoryPage(entries).entries, order.currency, { after, skipMissing });
}
