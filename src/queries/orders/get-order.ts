import { z } from 'zod';
import { projectTo } from '../../shared/auth/role-views.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import { ORDER_VIEWS } from '../../shared/read-models/order-views.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { minVersion, readOrder } from './min-version.ts';
import { viewersOf } from './order-reader.ts';

const parameters = z.object({ include: orderIncludes, minVersion });

const query: Query = {
  name: 'getOrder',
  route: 'orders/{orderId}',
  summary: 'Gets an order from the read model.',
  roles: ['customer', 'admin', 'warehouse'],
  tracedReaders: ['admin', 'warehouse'],
  parameters,
  headers: ['If-None-Match', 'Prefer'],
  answers: documentAnswers(orderResponse, ['Server-Timing'], ORDER_VIEWS),
  problems: ['order-not-found', 'read-model-behind'],
};

export function getOrder(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const orderId = routeId(request, 'orderId');
    const { include, minVersion: atLeast } = validate(parameters, queryParameters(request));
    const order = await readOrder(app, { request, actor }, { orderId, atLeast });
    const shown = projectTo(toOrderResponse(order, include), ORDER_VIEWS, viewersOf(actor, order));
    return documentResponse(request, order, shown, {
      'server-timing': `sync-lag;dur=${Date.parse(order.projectedAt) - Date.parse(order.lastUpdated)}`,
    });
  });
}
