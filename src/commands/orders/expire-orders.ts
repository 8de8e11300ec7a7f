import type { Actor } from '../../shared/auth/authenticate.ts';
import type { CommandsConfig } from '../../shared/config.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { expiryOverdue } from '../../shared/telemetry/metrics.ts';
import type { CommandEnvelope } from '../pipeline/command.ts';
import type { CommandBus } from '../pipeline/command-bus.ts';
import type { UnconfirmedOrder, UnconfirmedOrders } from '../write-store/unconfirmed-orders.ts';
import { expireOrder } from './expire-order.ts';

/** Orders per page, and the time (ms) after which a run stops: during an outage, each order can take as long as a command may. */
const LIMITS = { pageSize: 100, maxRunMs: 50_000 };

type ExpiryRuntime = Pick<Runtime, 'now' | 'monotonicMs' | 'newId'>;

/** What the timer needs of the app. */
interface ExpiringApp {
  readonly config: Pick<CommandsConfig, 'orderExpiry'>;
  readonly runtime: ExpiryRuntime;
  services(): Promise<{ readonly store: UnconfirmedOrders; readonly internalBus: CommandBus }>;
}

/** Timer that cancels submitted orders that nobody has confirmed in time. */
export function expireOrdersTimer({ config, services, runtime }: ExpiringApp): TimerFunction {
  const { schedule, expireAfterMs } = config.orderExpiry;
  return {
    trigger: 'timer',
    name: 'expireOrders',
    options: {
      schedule,
      handler: async (_timer, context) => {
        if (expireAfterMs === 0) return;
        const warn = (text: string) => context.warn(text);
        const { store, internalBus } = await services();
        const expired = await expireOrders(store, internalBus, { expireAfterMs, ...LIMITS, warn }, runtime);
        if (expired > 0) context.info(`Cancelled ${expired} orders that nobody has confirmed in time.`);
      },
    },
  };
}

export interface ExpirySettings {
  /** Milliseconds from the acceptance of the command that submitted an order until the order expires. */
  readonly expireAfterMs: number;
  /** Maximum orders to read at once. */
  readonly pageSize: number;
  /** Milliseconds after which the run stops; the next one continues. */
  readonly maxRunMs: number;
  readonly warn: (text: string) => void;
}

/**
 * Cancels the submitted orders that are due, the oldest first. Each is cancelled by a command with an id of its own, so it is cancelled once,
 * even by several processes at the same time or after a crash. The version check decides a race with a confirmation. An order that cannot
 * be cancelled does not stop the others; the next run retries it. Returns the number of orders that this run has cancelled. Throws when
 * the due orders cannot be read.
 */
export async function expireOrders(
  store: UnconfirmedOrders,
  internalBus: CommandBus,
  { expireAfterMs, pageSize, maxRunMs, warn }: ExpirySettings,
  runtime: ExpiryRuntime,
): Promise<number> {
  const stopAt = runtime.monotonicMs() + maxRunMs;
  const dueMs = runtime.now() - expireAfterMs;
  let oldest: UnconfirmedOrder | undefined;
  let expired = 0;
  for await (const order of dueOrders(store, new Date(dueMs).toISOString(), pageSize)) {
    oldest ??= order;
    if (runtime.monotonicMs() >= stopAt) break;
    if (await expire(order, internalBus, warn, runtime)) expired += 1;
  }
  expiryOverdue.record(oldest === undefined ? 0 : dueMs - Date.parse(oldest.submittedAt));
  return expired;
}

/** The due orders, the oldest first. Reads them page by page. */
async function* dueOrders(
  store: UnconfirmedOrders,
  submittedUntil: string,
  limit: number,
): AsyncGenerator<UnconfirmedOrder> {
  for (let after: UnconfirmedOrder | undefined; ; ) {
    const page = await store.unconfirmedOrders({ submittedUntil, after, limit });
    yield* page;
    if (page.length < limit) return;
    after = page.at(-1);
  }
}

/** Returns whether the order was cancelled by this call. Somebody else may have confirmed or cancelled it in the meantime. */
async function expire(
  order: UnconfirmedOrder,
  { dispatch }: CommandBus,
  warn: ExpirySettings['warn'],
  runtime: ExpiryRuntime,
): Promise<boolean> {
  try {
    const { replayed } = await dispatch(envelopeOf(order, runtime));
    return !replayed;
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-transition') return false;
    const reason = error instanceof Error ? error.message : String(error);
    warn(`Order ${order.orderId} should have expired, but could not be cancelled: ${reason}`);
    return false;
  }
}

/** The actor that expires orders. Their events and history have its user id. */
const EXPIRY: Actor = { userId: 'system:order-expiry', roles: new Set(['admin']), customerId: undefined };

function envelopeOf({ orderId, submittedAt }: UnconfirmedOrder, { now, newId }: ExpiryRuntime): CommandEnvelope {
  return {
    commandId: `${expireOrder.type} ${orderId} ${submittedAt}`,
    commandType: expireOrder.type,
    aggregateId: orderId,
    newAggregateId: newId(),
    data: { submittedAt },
    expectedVersion: undefined,
    actor: EXPIRY,
    receivedAt: new Date(now()).toISOString(),
    correlationId: newId(),
    traceparent: undefined,
    source: 'order-expiry',
  };
}
