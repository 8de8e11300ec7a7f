import { z } from 'zod';
import { documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { orderIncludes, orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import { httpQuery } from '../reading/query-endpoint.ts';
import { minVersion, readOrder } from './min-version.ts';

const parameters = z.object({ include: orderIncludes, minVersion });

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

httpQuery(operation, async ({ request, actor }) => {
  const orderId = routeId(request, 'orderId');
  const { include, minVersion: atLeast } = validate(parameters, queryParameters(request));
  const order = await readOrder(request, actor, { orderId, atLeast });
  return documentResponse(request, order, toOrderResponse(order, include), {
    'server-timing': `sync-lag;dur=${Date.parse(order.projectedAt) - Date.parse(order.lastUpdated)}`,
  });
});
