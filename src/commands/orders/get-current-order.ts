import * as z from 'zod';
import type { Actor } from '../../shared/auth/authenticate.ts';
import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { acceptedAgeMs, dataAge } from '../../shared/http/accepted-age.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { type DocumentState, documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problem.ts';
import { inDigits, queryParameters, wholeNumber } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import {
  asksForHistory,
  historyContinuationToken,
  MAX_HISTORY_ENTRIES,
  TOKEN_WITHOUT_HISTORY,
  toHistoryPage,
} from '../../shared/read-models/history-page.ts';
import { ORDER_DETAILS_MAPPING, type OrderDetails, withCustomer } from '../../shared/read-models/order-details.ts';
import { eraseEntry } from '../../shared/read-models/order-history.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import type { ReadingApp } from '../app.ts';
import type { StoredEvents } from '../write-store/stored-events.ts';
import { readOrderEvents } from './read-order-events.ts';

/** Maximum characters of the events that one request reads for the history, apart from the last one. */
const MAX_HISTORY_CHARACTERS = 4_000_000;

const parameters = z
  .object({
    include: orderIncludes,
    historyContinuationToken,
    version: inDigits(wholeNumber.min(1, 'must be at least 1').optional()).describe(
      'Returns the order as of this version.',
    ),
  })
  .refine(asksForHistory, TOKEN_WITHOUT_HISTORY);

const operation: Operation = {
  name: 'getCurrentOrder',
  method: 'GET',
  route: 'orders/{orderId}/current',
  summary:
    'Returns the order from the write model, as of now or of a version. Strongly consistent, but costs more than the order page. With `Cache-Control: max-age=S`, a replica may answer that is at most S seconds behind.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  parameters,
  headers: ['If-None-Match', 'Cache-Control'],
  answers: documentAnswers(orderResponse, ['x-data-age']),
  problems: ['order-not-found'],
};

/**
 * One round trip to the write store, or to its replica if the caller accepts an age and the replica has what the caller knows of. It
 * returns nothing to callers who may not see the order.
 */
export function getCurrentOrder(app: ReadingApp): HttpFunction {
  return authenticatedOperation(app, operation, async ({ request, actor }) => {
    const orderId = routeId(request, 'orderId');
    const { include, version, historyContinuationToken: after = 0 } = validate(parameters, queryParameters(request));
    const withHistory = include.has('history');
    const acceptedMs = acceptedAgeMs(request) ?? 0;
    const { events, customer, ageMs } = await readOrderEvents(app, {
      orderId,
      version,
      ownerId: visibleCustomer(actor),
      window: { after, limit: withHistory ? MAX_HISTORY_ENTRIES : 0, maxCharacters: MAX_HISTORY_CHARACTERS },
      acceptedMs,
      knownStates: request.headers.get('if-none-match') ?? '',
    });
    const order = newestOf(events, orderId, version);
    const shown = version === undefined ? asOfNow(order, customer) : asOfVersion(order, customer);
    const history = withHistory ? historyAfter(events, after, customer) : undefined;
    const headers = acceptedMs > 0 ? dataAge(ageMs) : {};
    return documentResponse(request, shown, toOrderResponse(shown, include, history), headers);
  });
}

/** The only customer whose orders the caller may see; undefined: those of every customer. No customer has an empty id. */
function visibleCustomer({ roles, customerId = '' }: Actor): string | undefined {
  return roles.has('admin') ? undefined : customerId;
}

/**
 * The newest event holds the whole order, so that no other event is needed for it. Throws Problem `order-not-found`, also if it is not of
 * the requested version.
 */
function newestOf(events: readonly OrderEventEnvelope[], orderId: string, requested: number | undefined): OrderDetails {
  const newest = events.at(-1);
  if (newest === undefined) throw new Problem('order-not-found', `There is no order ${orderId} that you may see.`);
  const { version } = newest;
  if (requested === undefined || version === requested) return ORDER_DETAILS_MAPPING.orderOf(newest);
  throw new Problem(
    'order-not-found',
    `Order ${orderId} has no version ${requested}: its latest version is ${version}.`,
    { facts: { version } },
  );
}

/**
 * The events after a version that follow each other without a gap; after a gap comes only the newest event. Version 0.1.0 did not
 * encrypt shipments, so an erased customer's are removed.
 */
function historyAfter(events: readonly OrderEventEnvelope[], after: number, customer: StoredEvents['customer']) {
  const later = events.filter((event) => event.version > after);
  const window = later.filter((event, index) => event.version === after + 1 + index).slice(0, MAX_HISTORY_ENTRIES);
  const hasMore = (window.at(-1)?.version ?? 0) < (later.at(-1)?.version ?? 0);
  const entries = window.map(ORDER_DETAILS_MAPPING.entryOf);
  return toHistoryPage(customer?.erased === true ? entries.map(eraseEntry) : entries, hasMore);
}

/**
 * The order with its customer's current name, because the events carry the name at the time they were recorded. An erasure also
 * removes what events of version 0.1.0 contain unencrypted.
 */
function asOfNow(order: OrderDetails, customer: StoredEvents['customer']): OrderDetails & DocumentState {
  if (customer === undefined) return order;
  if (!customer.erased && customer.version <= order.customerVersion) return order;
  const { name: customerName, version: customerVersion, erased } = customer;
  const copy = {
    customerId: order.customerId,
    customerName,
    customerVersion,
    ...(erased && { customerErased: true as const }),
  };
  return { ...withCustomer(order, copy), revision: customerVersion };
}

/** The order as of a version. An erasure also changes past versions, so it must invalidate the client's cached copy. */
function asOfVersion(order: OrderDetails, customer: StoredEvents['customer']): OrderDetails & DocumentState {
  return customer?.erased === true ? asOfNow(order, customer) : order;
}
