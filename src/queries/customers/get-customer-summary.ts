import * as z from 'zod';
import { customerNotFound, ownCustomer } from '../../shared/auth/own-customer.ts';
import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { documentAnswers, documentResponse } from '../../shared/http/document-response.ts';
import { routeId } from '../../shared/http/identifiers.ts';
import { sumToDecimal, toDecimal } from '../../shared/money.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import { type CustomerSummary, SUMMARY_ID } from '../../shared/read-models/customer-orders.ts';
import type { QueriesApp } from '../app.ts';
import { httpQuery, type Query } from '../reading/query-endpoint.ts';
import { readDocument } from '../reading/read-document.ts';

const utc = z.iso.datetime().nullable();

const customerSummary = z
  .strictObject({
    customerId: z.string(),
    name: z.string(),
    currency: z.string(),
    orders: z.int().describe('Number of submitted orders, including cancelled and refunded ones.'),
    totalSpent: z.number().describe('Total of the submitted orders, excluding cancelled and refunded ones.'),
    averageOrderValue: z.number().describe('Average total of the orders in `totalSpent`.'),
    firstOrderAt: utc,
    lastOrderAt: utc,
    ordersByStatus: z.partialRecord(z.enum(ORDER_STATUSES), z.int()),
    version: z.int().positive(),
    lastUpdated: z.iso.datetime(),
  })
  .meta({ id: 'CustomerSummary' });

const query: Query = {
  name: 'getCustomerSummary',
  route: 'customers/{customerId}/summary',
  summary: 'Gets a customer’s totals over all orders.',
  roles: ['customer', 'admin'],
  tracedReaders: ['admin'],
  headers: ['If-None-Match'],
  answers: documentAnswers(customerSummary),
  problems: ['customer-not-found'],
};

export function getCustomerSummary(app: QueriesApp): HttpFunction {
  return httpQuery(app, query, async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const container = app.database.container(CUSTOMER_ORDERS.name);
    const summary = await readDocument<CustomerSummary>(container, SUMMARY_ID, customerId);
    if (summary === undefined) throw customerNotFound(customerId);
    return documentResponse(request, summary, toResponse(summary));
  });
}

function toResponse(summary: CustomerSummary): z.output<typeof customerSummary> {
  const { currency, totalSpent, ordersByStatus } = summary;
  const paidOrders = summary.orders - (ordersByStatus.cancelled ?? 0) - (ordersByStatus.refunded ?? 0);
  const average = paidOrders === 0 ? 0 : Math.round(Number(totalSpent) / paidOrders);
  return {
    customerId: summary.customerId,
    name: summary.name,
    currency,
    orders: summary.orders,
    totalSpent: sumToDecimal(totalSpent, currency),
    averageOrderValue: toDecimal(average, currency),
    firstOrderAt: summary.firstOrderAt,
    lastOrderAt: summary.lastOrderAt,
    ordersByStatus,
    version: summary.version,
    lastUpdated: summary.lastUpdated,
  };
}
