import type { ConsumerGroup } from '../../shared/event-hubs/hub.ts';
import { catalogue } from './catalogue.ts';
import { customerOrders } from './customer-orders.ts';
import { orderDetails } from './order-details.ts';
import { orderSearch } from './order-search.ts';
import type { Projection } from './projection.ts';
import { salesDaily } from './sales-daily.ts';
import { salesLive } from './sales-live.ts';
import { shippingBoard } from './shipping-board.ts';

/** A read model: the consumer group that feeds it, and its projection. */
export interface ReadModelProjection {
  readonly consumerGroup: ConsumerGroup;
  readonly projection: Projection<unknown>;
}

/** Every read model. */
export const PROJECTIONS: readonly ReadModelProjection[] = [
  { consumerGroup: 'order-details', projection: orderDetails },
  { consumerGroup: 'customer-orders', projection: customerOrders },
  { consumerGroup: 'order-search', projection: orderSearch },
  { consumerGroup: 'shipping-board', projection: shippingBoard },
  { consumerGroup: 'sales-daily', projection: salesDaily },
  { consumerGroup: 'sales-live', projection: salesLive },
  { consumerGroup: 'catalogue', projection: catalogue },
];
