import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { changeOfEvent, type OrderChange } from '../../shared/read-models/order-change.ts';
import { toShippingChange } from '../../shared/read-models/order-views.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { ALL_ORDERS_GROUP, orderGroup, shippingGroup } from '../../shared/web-pubsub/groups.ts';
import { TransientFault } from '../projector/bulk.ts';

/** The part of Web PubSub's client that pushing needs. */
export interface ChangeGroups {
  group(name: string): { sendToAll(change: OrderChange): Promise<unknown> };
}

export interface PushDependencies {
  readonly webPubSub: () => Promise<ChangeGroups>;
  /** For each event, whether the order page and its history have it. Rejects with TransientFault. */
  readonly areProjected: (events: readonly OrderEventEnvelope[]) => Promise<readonly boolean[]>;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>;
}

/**
 * How long (ms) a change waits for the order page to have it. After that it is pushed all the same: its event may be a dead letter
 * there, and the change must not hold up the ones after it.
 */
const MAX_WAIT_MS = 10_000;
const BACKOFF: Backoff = { firstMs: 50, maxMs: 500 };
/** Orders whose changes are sent at the same time. */
const CONCURRENCY = 8;

/**
 * Pushes each event of an order to the order's group and to the admins' group, and the part that the warehouse sees to the order's group
 * of warehouse workers. Pushes in version order per order, once the order page has the event, so that a notified client that reads the page
 * sees the change. Delivery is at least once. Throws TransientFault; the batch is then delivered again.
 */
export async function pushChanges(
  events: readonly OrderEventEnvelope[],
  { webPubSub, ...orderPages }: PushDependencies,
): Promise<void> {
  if (events.length === 0) return;
  await waitForOrderPages(events, orderPages);
  const service = await webPubSub().catch(failed);
  const orders = [...Map.groupBy(events, ({ aggregateId }) => aggregateId).values()].values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const changes of orders) for (const event of changes) await pushChange(event, service);
  });
  await Promise.all(workers);
}

async function pushChange(event: OrderEventEnvelope, service: ChangeGroups): Promise<void> {
  const sent = messagesOf(event).map(([group, change]) => service.group(group).sendToAll(change));
  await Promise.all(sent).catch(failed);
}

/** What each group gets of the event. */
function messagesOf(event: OrderEventEnvelope): readonly (readonly [group: string, change: OrderChange])[] {
  const change = changeOfEvent(event);
  const shipping = toShippingChange(change, event.order);
  return [
    [orderGroup(change.orderId), change],
    [ALL_ORDERS_GROUP, change],
    ...(shipping === undefined ? [] : [[shippingGroup(change.orderId), shipping] as const]),
  ];
}

function failed(cause: unknown): never {
  throw new TransientFault('Changes cannot be pushed to Web PubSub.', { cause });
}

async function waitForOrderPages(
  events: readonly OrderEventEnvelope[],
  { areProjected, runtime }: Omit<PushDependencies, 'webPubSub'>,
): Promise<void> {
  const deadline = runtime.monotonicMs() + MAX_WAIT_MS;
  let missing = events;
  for (let attempt = 1; ; attempt++) {
    const found = await areProjected(missing);
    missing = missing.filter((_, index) => found[index] !== true);
    if (missing.length === 0 || runtime.monotonicMs() >= deadline) return;
    await runtime.delay(backoffMs(attempt, BACKOFF, runtime.random));
  }
}
