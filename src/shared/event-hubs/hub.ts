/** The hub that every event is published to. */
export const ORDER_EVENTS_HUB = 'order-events';

/** The hub into which a replay streams the event log. */
export const ORDER_EVENTS_REPLAY_HUB = 'order-events-replay';

/** The consumer groups of either hub, one per read model: each sees every event, at its own pace. */
export const CONSUMER_GROUPS = [
  'order-details',
  'customer-orders',
  'order-search',
  'shipping-board',
  'sales-daily',
] as const;
export type ConsumerGroup = (typeof CONSUMER_GROUPS)[number];

/** The read model, by its container's name, that a consumer group keeps. */
export const readModelOfGroup = (group: ConsumerGroup): string => group.replaceAll('-', '_');

/** All read models, by their containers' names. */
export const READ_MODELS: readonly string[] = CONSUMER_GROUPS.map(readModelOfGroup);
