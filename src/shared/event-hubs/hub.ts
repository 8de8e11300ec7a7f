import { READ_MODEL_CONTAINERS } from '../read-models/containers.ts';

/** The hub that every event is published to. */
export const ORDER_EVENTS_HUB = 'order-events';

/** The hub to which a replay publishes the event log. */
export const ORDER_EVENTS_REPLAY_HUB = 'order-events-replay';

/** The consumer groups of both hubs, one per read model. Each receives every event at its own pace. */
export const CONSUMER_GROUPS = READ_MODEL_CONTAINERS.map(({ consumerGroup }) => consumerGroup);
export type ConsumerGroup = (typeof CONSUMER_GROUPS)[number];

/** The consumer group of `order-events` that pushes changes to clients. */
export const PUSH_CONSUMER_GROUP = 'push';

/** The consumer group of `order-events` that queues messages for partners. */
export const WEBHOOKS_CONSUMER_GROUP = 'webhooks';

/** Every consumer group of `order-events`. */
export const LIVE_CONSUMER_GROUPS = [...CONSUMER_GROUPS, PUSH_CONSUMER_GROUP, WEBHOOKS_CONSUMER_GROUP] as const;
export type LiveConsumerGroup = (typeof LIVE_CONSUMER_GROUPS)[number];

/** How a consumer group is named in metrics, logs and answers: its read model, `push` or `webhooks`. */
export const consumerName = (group: LiveConsumerGroup): string => group.replaceAll('-', '_');

/** The read model that a consumer group keeps up to date. */
export const readModelOfGroup = (group: ConsumerGroup): string => consumerName(group);

/** Names of all read models. */
export const READ_MODELS: readonly string[] = CONSUMER_GROUPS.map(readModelOfGroup);
