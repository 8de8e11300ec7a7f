import { app } from '@azure/functions';
import { documentResponse } from '../shared/http/document-response.ts';
import { routeId } from '../shared/http/identifiers.ts';
import { Problem } from '../shared/http/problem.ts';
import { toDecimal } from '../shared/money.ts';
import { CUSTOMER_ORDERS } from '../shared/read-models/containers.ts';
import { type CustomerSummary, SUMMARY_ID } from '../shared/read-models/customer-orders.ts';
import { ownCustomer } from './own-customer.ts';
import { queryEndpoint } from './query-endpoint.ts';
import { readDocument } from './read-document.ts';
import { runtime } from './runtime.ts';

/** A customer's sums over all orders: one point read. */
app.http('getCustomerSummary', {
  methods: ['GET'],
  route: 'customers/{customerId}/summary',
  authLevel: 'anonymous',
  handler: queryEndpoint('getCustomerSummary', ['customer', 'admin'], async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const container = runtime().database.container(CUSTOMER_ORDERS.name);
    const summary = await readDocument<CustomerSummary>(container, SUMMARY_ID, customerId);
    if (summary === undefined) throw new Problem('customer-not-found', `There is no customer ${customerId}.`);
    return documentResponse(request, summary.version, toResponse(summary));
  }),
});

function toResponse(summary: CustomerSummary): object {
  const { currency, totalSpent, ordersByStatus } = summary;
  const paidOrders = summary.orders - (ordersByStatus.cancelled ?? 0) - (ordersByStatus.refunded ?? 0);
  const average = paidOrders === 0 ? 0 : Math.round(totalSpent / paidOrders);
  return {
    customerId: summary.customerId,
    name: summary.name,
    currency,
    orders: summary.orders,
    totalSpent: toDecimal(totalSpent, currency),
    averageOrderValue: toDecimal(average, currency),
    firstOrderAt: summary.firstOrderAt,
    lastOrderAt: summary.lastOrderAt,
    ordersByStatus,
    version: summary.version,
    lastUpdated: summary.lastUpdated,
  };
}
