import { ORDER_DETAILS_MAPPING } from '../../../src/shared/read-models/order-details.ts';
import { projectCatalogue, STOCK_COUNTING } from '../../../src/sync/projections/catalogue.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { projectOrderSearch } from '../../../src/sync/projections/order-search.ts';
import type { ReadModelProjection } from '../../../src/sync/projections/projections.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../../src/sync/projections/sales-daily.ts';
import { LIVE_COUNTING, projectSalesLive } from '../../../src/sync/projections/sales-live.ts';
import { projectShippingBoard } from '../../../src/sync/projections/shipping-board.ts';

/** Every projection in another version. `orderOf` changes what the order page shows. */
export const projectionsOfVersion = (
  version: number,
  orderOf = ORDER_DETAILS_MAPPING.orderOf,
): readonly ReadModelProjection[] => [
  { consumerGroup: 'order-details', projection: projectOrderDetails({ ...ORDER_DETAILS_MAPPING, version, orderOf }) },
  { consumerGroup: 'customer-orders', projection: projectCustomerOrders({ ...ORDER_COUNTING, version }) },
  { consumerGroup: 'order-search', projection: projectOrderSearch(version) },
  { consumerGroup: 'shipping-board', projection: projectShippingBoard(version) },
  { consumerGroup: 'sales-daily', projection: projectSalesDaily({ ...SALES_COUNTING, version }) },
  { consumerGroup: 'sales-live', projection: projectSalesLive({ ...LIVE_COUNTING, version }) },
  { consumerGroup: 'catalogue', projection: projectCatalogue({ ...STOCK_COUNTING, version }) },
];
