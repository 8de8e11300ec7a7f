/** The hub that every event is published to. */
export const ORDER_EVENTS_HUB = 'order-events';

/** Its consumer groups, one per read model: each sees every event, at its own pace. */
export const CONSUMER_GROUPS = [
  'order-details',
  'customer-orders',
  'order-search',
  'shipping-board',
  'sales-daily',
] as const;
export type ConsumerGroup = (typeof CONSUMER_GROUPS)[number];
