import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { ORDER_DETAILS_MAPPING } from '../../src/shared/read-models/order-details.ts';
import { projectCatalogue, STOCK_COUNTING } from '../../src/sync/projections/catalogue.ts';
import { ORDER_COUNTING, projectCustomerOrders } from '../../src/sync/projections/customer-orders.ts';
import { projectOrderDetails } from '../../src/sync/projections/order-details.ts';
import { projectOrderSearch } from '../../src/sync/projections/order-search.ts';
import { PROJECTIONS, type ReadModelProjection } from '../../src/sync/projections/projections.ts';
import { projectSalesDaily, SALES_COUNTING } from '../../src/sync/projections/sales-daily.ts';
import { LIVE_COUNTING, projectSalesLive } from '../../src/sync/projections/sales-live.ts';
import { projectShippingBoard } from '../../src/sync/projections/shipping-board.ts';

/** The projections of a release of the sync app. */
export type Release = readonly ReadModelProjection[];

const version = 99;

/** A release with a new version of every projection. */
export const NEXT_RELEASE: Release = [
  { consumerGroup: 'order-details', projection: projectOrderDetails({ ...ORDER_DETAILS_MAPPING, version }) },
  { consumerGroup: 'customer-orders', projection: projectCustomerOrders({ ...ORDER_COUNTING, version }) },
  { consumerGroup: 'order-search', projection: projectOrderSearch(version) },
  { consumerGroup: 'shipping-board', projection: projectShippingBoard(version) },
  { consumerGroup: 'sales-daily', projection: projectSalesDaily({ ...SALES_COUNTING, version }) },
  { consumerGroup: 'sales-live', projection: projectSalesLive({ ...LIVE_COUNTING, version }) },
  { consumerGroup: 'catalogue', projection: projectCatalogue({ ...STOCK_COUNTING, version }) },
];

/** Events that the defective release cannot project. */
const isUnlucky = ({ eventType }: EventEnvelope) =>
  eventType === 'OrderConfirmed' || eventType === 'CustomerContactChanged' || eventType === 'PriceChanged';

/** A release whose projections throw for some events, which become dead letters. */
export const DEFECTIVE_RELEASE: Release = PROJECTIONS.map(({ consumerGroup, projection }) => ({
  consumerGroup,
  projection: {
    ...projection,
    apply: (documents, event, partitionKey) => {
      if (isUnlucky(event)) throw new Error('a defect of this release');
      return projection.apply(documents, event, partitionKey);
    },
  },
}));
