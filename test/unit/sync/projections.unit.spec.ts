import { expect, it } from 'vitest';
import { PROJECTIONS } from '../../../src/sync/projections/projections.ts';

it('each read model is fed by the consumer group of its name', () => {
  const fed = PROJECTIONS.map(({ consumerGroup, projection }) => [consumerGroup, projection.container.readModel]);
  expect(fed).toEqual([
    ['order-details', 'order_details'],
    ['customer-orders', 'customer_orders'],
    ['order-search', 'order_search'],
    ['shipping-board', 'shipping_board'],
    ['sales-daily', 'sales_daily'],
    ['sales-live', 'sales_live'],
    ['catalogue', 'catalogue'],
  ]);
});
