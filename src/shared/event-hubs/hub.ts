/** The hub that every event is published to. */
export const ORDER_EVENTS_HUB = 'order-events';

/** The hub to which a replay publishes the event log. */
export const ORDER_EVENTS_REPLAY_HUB = 'order-events-replay';

/** The consumer groups of both hubs, one per read model. Each receives every event at its own pace. */
export const CONSUMER_GROUPS = [
  'order-details',
  'customer-orders',
  'order-search',
  'shipping-board',
  'sales-daily',
] as const;
export type ConsumerGroup = (typeof CONSUMER_GROUPS)[number];

/** Container name of the read model that a consumer group updates. */
export const readModelOfGroup = (group: ConsumerGroup): string => group.replaceAll('-', '_');

/** Container names of all read models. */
export const READ_MODELS: readonly string[] = CONSUMER_GROUPS.map(readModelOfGroup);
