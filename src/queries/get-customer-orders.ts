import { app } from '@azure/functions';
import { z } from 'zod';
import { ORDER_STATUSES } from '../shared/events/order-events.ts';
import { routeId } from '../shared/http/identifiers.ts';
import { validate } from '../shared/http/validate.ts';
import { toDecimal } from '../shared/money.ts';
import { CUSTOMER_ORDERS } from '../shared/read-models/containers.ts';
import type { CustomerOrder } from '../shared/read-models/customer-orders.ts';
import { listResponse } from './list-response.ts';
import { ownCustomer } from './own-customer.ts';
import { equals, pageParameters, readPage } from './paging.ts';
import { queryEndpoint } from './query-endpoint.ts';
import { runtime } from './runtime.ts';

const parameters = z.object({ status: z.enum(ORDER_STATUSES).optional(), ...pageParameters });

/** A customer's orders, newest first, drafts before all. */
app.http('getCustomerOrders', {
  methods: ['GET'],
  route: 'customers/{customerId}/orders',
  authLevel: 'anonymous',
  handler: queryEndpoint('getCustomerOrders', ['customer', 'admin'], async ({ request, actor }) => {
    const customerId = ownCustomer(actor, routeId(request, 'customerId'));
    const { status, ...page } = validate(parameters, Object.fromEntries(request.query));
    const container = runtime().database.container(CUSTOMER_ORDERS.name);
    const conditions = [equals('type', 'order'), equals('status', status)];
    const found = await readPage<CustomerOrder>(container, conditions, page, customerId);
    return listResponse(found, toItem);
  }),
});

function toItem({
  orderId,
  status,
  currency,
  total,
  itemCount,
  placedAt,
  version,
  lastUpdated,
}: CustomerOrder): object {
  return { orderId, status, currency, total: toDecimal(total, currency), itemCount, placedAt, version, lastUpdated };
}
