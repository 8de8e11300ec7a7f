import { ORDER_PAGE } from '../../../src/shared/read-models/order-details.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { projectOrderSearch } from '../../../src/sync/projections/order-search.ts';
import type { ReadModelProjection } from '../../../src/sync/projections/projections.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../../src/sync/projections/sales-daily.ts';
import { projectShippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { startSync } from '../../../src/sync/start.ts';
import { NEXT_NAME_ENDING, NEXT_VERSION as version } from './next-version.ts';

/** The sync app in its next version: the entry point of a bundle that a test builds. */
const nextProjections: readonly ReadModelProjection[] = [
  {
    consumerGroup: 'order-details',
    projection: projectOrderDetails({
      ...ORDER_PAGE,
      version,
      orderOf: (event) => {
        const order = ORDER_PAGE.orderOf(event);
        return { ...order, customerName: order.customerName + NEXT_NAME_ENDING };
      },
    }),
  },
  { consumerGroup: 'customer-orders', projection: projectCustomerOrders({ ...ORDER_COUNTING, version }) },
  { consumerGroup: 'order-search', projection: projectOrderSearch(version) },
  { consumerGroup: 'shipping-board', projection: projectShippingBoard(version) },
  { consumerGroup: 'sales-daily', projection: projectSalesDaily({ ...SALES_COUNTING, version }) },
];

startSync(process.env, nextProjections);
