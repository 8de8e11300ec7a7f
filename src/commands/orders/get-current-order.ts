import { z } from 'zod';
import { decodeEvent } from '../../shared/events/decode.ts';
import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { type DocumentState, documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { unwrapDataKey } from '../../shared/personal-data/data-keys.ts';
import type { DataKey } from '../../shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../shared/personal-data/master-key.ts';
import {
  applyOrderEvent,
  ORDER_DETAILS_MAPPING,
  type OrderDetails,
  withCustomer,
} from '../../shared/read-models/order-details.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import type { CommandsApp } from '../app.ts';
import type { StoredEvents } from '../write-store/write-store.ts';

const parameters = z.object({
  include: orderIncludes,
  version: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .optional()
    .describe('Returns the order as of this version.'),
});

const operation: Operation = {
  name: 'getCurrentOrder',
  method: 'GET',
  route: 'orders/{orderId}/current',
  summary:
    'Returns the order from the write model, as of now or of a version. Strongly consistent, but costs more than the order page.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  parameters,
  headers: ['If-None-Match'],
  answers: documentAnswers(orderResponse),
  problems: ['order-not-found'],
};

export function getCurrentOrder(app: CommandsApp): HttpFunction {
  return authenticatedOperation(app, operation, async ({ request, actor: { roles, customerId } }) => {
    const { store, masterKey } = await app.services();
    const orderId = routeId(request, 'orderId');
    const { include, version } = validate(parameters, queryParameters(request));
    const { bodies, customer } = await store
      .readEvents({ aggregateType: 'Order', aggregateId: orderId, upToVersion: version })
      .catch(notRead);
    const key = await dataKeyOf(customer, masterKey).catch(notRead);
    const order = bodies
      .map((body) => toOrderEvent(body, key))
      .reduce<OrderDetails | undefined>(
        (document, event) => applyOrderEvent(document, event, ORDER_DETAILS_MAPPING),
        undefined,
      );
    if (order === undefined || (!roles.has('admin') && order.customerId !== customerId)) {
      throw new Problem('order-not-found', `There is no order ${orderId} that you may see.`);
    }
    if (version !== undefined && order.version !== version) {
      throw new Problem(
        'order-not-found',
        `Order ${orderId} has no version ${version}: its latest version is ${order.version}.`,
      );
    }
    const shown = version === undefined ? asOfNow(order, customer) : asOfVersion(order, customer);
    return documentResponse(request, shown, toOrderResponse(shown, include));
  });
}

/** The order with its customer's current name. The events carry the name at the time they were recorded. */
function asOfNow(order: OrderDetails, customer: StoredEvents['customer']): OrderDetails & DocumentState {
  if (customer === undefined || customer.version <= order.customerVersion) return order;
  const { name: customerName, version: customerVersion } = customer;
  const copy = { customerId: order.customerId, customerName, customerVersion };
  return { ...withCustomer(order, copy), revision: customerVersion };
}

/** The order as of a version. An erasure also changes past versions, so it must invalidate the client's cached copy. */
function asOfVersion(order: OrderDetails, customer: StoredEvents['customer']): OrderDetails & DocumentState {
  return customer?.erased === true ? { ...order, revision: customer.version } : order;
}

async function dataKeyOf(customer: StoredEvents['customer'], masterKey: MasterKey): Promise<DataKey> {
  if (customer?.key !== undefined) return unwrapDataKey(customer.key, masterKey);
  return customer?.erased === true ? 'destroyed' : 'unknown';
}

const notRead = unavailable('Orders cannot be read at the moment: try again.');

/** The log contains only what this app has written; anything else is a fault. */
function toOrderEvent(body: string, key: DataKey): OrderEventEnvelope {
  const decoded = decodeEvent(body, () => key);
  if (decoded.kind === 'event' && decoded.event.aggregateType === 'Order') return decoded.event;
  throw new Error(`The log of an order contains something other than its events: ${decoded.kind}.`);
}
