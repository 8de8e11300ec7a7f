import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { Actor } from '../../shared/auth/authenticate.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { orderChange } from '../../shared/read-models/order-change.ts';
import { CHANGE_VIEWS, SHIPPING_RECORDS } from '../../shared/read-models/order-views.ts';
import { ALL_ORDERS_GROUP, orderGroup, shippingGroup } from '../../shared/web-pubsub/groups.ts';
import type { QueriesApp } from '../app.ts';
import { orderNotFound, orderReader, viewersOf } from '../orders/order-reader.ts';

/**
 * How long a client may take to connect with its URL. A connection that is open stays open. Short, because any number of connections can be
 * opened with a URL until it expires, and Web PubSub cannot limit them by client.
 */
const LIFETIME_MINUTES = 2;

const subscription = z
  .strictObject({
    url: z.url().describe('A WebSocket URL with its token: connecting joins the group, nothing has to be sent.'),
    expiresAt: z.iso.datetime().describe('Until when the URL can be used to connect.'),
  })
  .meta({ id: 'Subscription' });

const answer = {
  description:
    'The URL. Each message’s `data` is an `OrderChange`. A client reads the order’s history after it has connected.',
  schema: subscription,
};

const message = { description: 'A change of an order.', schema: orderChange };

const one: Operation = {
  name: 'subscribeToOrder',
  method: 'POST',
  route: 'orders/{orderId}/subscriptions',
  summary: 'Creates a WebSocket URL that receives the changes of an order.',
  roles: ['customer', 'admin', 'warehouse'],
  tracedReaders: ['admin', 'warehouse'],
  answers: { 200: { ...answer, views: { warehouse: { records: SHIPPING_RECORDS } } } },
  messages: { ...message, views: CHANGE_VIEWS },
  problems: ['order-not-found', 'throttled'],
};

/** One point read, which decides whether the caller may see the order, and in which role. */
export function subscribeToOrder(app: QueriesApp): HttpFunction {
  return authenticatedOperation(app, one, async ({ request, actor }) => {
    app.callerLimits.subscribing(actor);
    const orderId = routeId(request, 'orderId');
    const found = await orderReader(app, orderId, actor).page();
    if (found === undefined) throw orderNotFound(orderId);
    const isWhole = [...viewersOf(actor, found.order)].some((role) => CHANGE_VIEWS[role] === undefined);
    return grant(app, actor, isWhole ? orderGroup(orderId) : shippingGroup(orderId));
  });
}

const all: Operation = {
  name: 'subscribeToAllOrders',
  method: 'POST',
  route: 'admin/subscriptions',
  summary: 'Creates a WebSocket URL that receives the changes of all orders.',
  roles: ['admin'],
  tracedReaders: ['admin'],
  answers: { 200: answer },
  messages: message,
  problems: ['throttled'],
};

export function subscribeToAllOrders(app: QueriesApp): HttpFunction {
  return authenticatedOperation(app, all, async ({ actor }) => {
    app.callerLimits.subscribing(actor);
    return grant(app, actor, ALL_ORDERS_GROUP);
  });
}

/** A URL for exactly one group. The token has no roles, so the client can neither join other groups nor send. */
async function grant({ webPubSub, runtime }: QueriesApp, { userId }: Actor, group: string): Promise<HttpResponseInit> {
  const expiresAt = new Date(runtime.now() + LIFETIME_MINUTES * 60_000).toISOString();
  const options = { userId, groups: [group], expirationTimeInMinutes: LIFETIME_MINUTES };
  const { url } = await webPubSub()
    .then((service) => service.getClientAccessToken(options))
    .catch(unavailable('Changes cannot be pushed at the moment: try again.'));
  return { headers: { 'cache-control': 'no-store' }, jsonBody: { url, expiresAt } };
}
