import * as z from 'zod';
import { ownCustomer } from '../../shared/auth/own-customer.ts';
import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { toDecimal } from '../../shared/money.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import type { CustomerOrder, CustomerSummary, ListedOrder } from '../../shared/read-models/customer-orders.ts';
import { equals, pageParameters, readPage } from '../../shared/read-models/paging.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';

const parameters = z.object({ status: z.enum(ORDER_STATUSES).optional(), ...pageParameters });

const customerOrder = z
  .strictObject({
    orderId: z.string(),
    status: z.enum(ORDER_STATUSES),
    currency: z.string(),
    total: z.number(),
    itemCount: z.int().describe('Number of lines.'),
    placedAt: z.iso.datetime().nullable().describe('Null in a draft.'),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'CustomerOrder' });

const query: Query = {
  name: 'getCustomerOrders',
  route: 'customers/{customerId}/orders',
  summary: 'Lists a customer’s orders: drafts first, then newest first.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  parameters,
  answers: listAnswers(customerOrder),
  problems: ['customer-not-found'],
};

export function getCustomerOrders(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const { status, ...page } = validate(parameters, queryParameters(request));
    const container = app.database.container(CUSTOMER_ORDERS.name);
    const conditions = [equals('status', status)];
    const found = await readPage<CustomerOrder | CustomerSummary>(container, conditions, page, customerId);
    return listResponse(
      { ...found, documents: found.documents.flatMap((document) => orderIn(document) ?? []) },
      toItem,
    );
  });
}

/** The order of an entry. The summary has the one that was placed last. */
const orderIn = (document: CustomerOrder | CustomerSummary): ListedOrder | undefined =>
  document.type === 'summary' ? document.last : document;

function toItem(order: ListedOrder): z.output<typeof customerOrder> {
  const { orderId, status, currency, total, itemCount, placedAt, version, lastUpdated } = order;
  return { orderId, status, currency, total: toDecimal(total, currency), itemCount, placedAt, version, lastUpdated };
}
