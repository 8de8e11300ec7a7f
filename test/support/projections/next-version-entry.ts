import { ORDER_DETAILS_MAPPING } from '../../../src/shared/read-models/order-details.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { projectCatalogue, STOCK_COUNTING } from '../../../src/sync/projections/catalogue.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { projectOrderSearch } from '../../../src/sync/projections/order-search.ts';
import type { ReadModelProjection } from '../../../src/sync/projections/projections.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../../src/sync/projections/sales-daily.ts';
import { LIVE_COUNTING, projectSalesLive } from '../../../src/sync/projections/sales-live.ts';
import { projectShippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { startSync } from '../../../src/sync/start.ts';
import { NEXT_NAME_ENDING, NEXT_VERSION as version } from './next-version.ts';

/** The entry point of the sync app in its next version, which a test bundles. */
const nextProjections: readonly ReadModelProjection[] = [
  {
    consumerGroup: 'order-details',
    projection: projectOrderDetails({
      ...ORDER_DETAILS_MAPPING,
      version,
      orderOf: (event) => {
        const order = ORDER_DETAILS_MAPPING.orderOf(event);
        return { ...order, customerName: order.customerName + NEXT_NAME_ENDING };
      },
    }),
  },
  { consumerGroup: 'customer-orders', projection: projectCustomerOrders({ ...ORDER_COUNTING, version }) },
  { consumerGroup: 'order-search', projection: projectOrderSearch(version) },
  { consumerGroup: 'shipping-board', projection: projectShippingBoard(version) },
  { consumerGroup: 'sales-daily', projection: projectSalesDaily({ ...SALES_COUNTING, version }) },
  { consumerGroup: 'sales-live', projection: projectSalesLive({ ...LIVE_COUNTING, version }) },
  { consumerGroup: 'catalogue', projection: projectCatalogue({ ...STOCK_COUNTING, version }) },
];

startSync(process.env, nextProjections, systemRuntime);
