import type { OrdersClient } from 'cqrs-orders-client';
import { formatReadModel } from '../format/ids.ts';
import { type Caller, hasRole } from '../session/callers.ts';

/** The first step of every command. */
export const ANSWERED = 'Committed and answered';

/** When something that follows from a command was seen in this page. */
export interface TraceStep {
  readonly name: string;
  /** Milliseconds since the command was sent. */
  readonly ms: number;
}

/** A read model that shows the order's version, and how to ask it. */
interface Shown {
  readonly name: string;
  readonly version: (signal: AbortSignal) => Promise<number | undefined>;
}

export interface Traced {
  readonly orderId: string;
  readonly customerId: string | undefined;
  readonly version: number;
  /** When the command was sent, by `performance.now()`. */
  readonly sentAt: number;
  /** Milliseconds from then until the answer. */
  readonly answeredMs: number;
}

/** How often (ms) a read model is asked, and for how long. */
const ASK_EVERY_MS = 100;
const ASK_FOR_MS = 8_000;

/** The step of the outbox, after which the hub has the event. */
export const PUBLISHED = 'Published to the hub';

/**
 * Asks each read model that the caller may read until it shows the version, and, for admins, the log until it has published the event.
 * Calls back for each that does.
 */
export async function traceCommand(
  orders: OrdersClient,
  caller: Caller,
  traced: Traced,
  onStep: (step: TraceStep) => void,
): Promise<void> {
  const signal = AbortSignal.timeout(ASK_FOR_MS);
  const published = hasRole(caller, 'admin') ? tracePublishing(orders, traced, { signal, onStep }) : undefined;
  await Promise.allSettled([
    published,
    ...readModelsOf(orders, caller, traced).map(async ({ name, version }) => {
      while (((await version(signal)) ?? 0) < traced.version) await pause(ASK_EVERY_MS, signal);
      onStep({ name: formatReadModel(name), ms: performance.now() - traced.sentAt });
    }),
  ]);
}

/**
 * The time between commit and publication, by the clock of the database, after the answer: the commit is what comes right before it. The
 * log marks an event once the hub has acknowledged it, so that a read model can be faster.
 */
async function tracePublishing(
  orders: OrdersClient,
  { orderId, version, answeredMs }: Traced,
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: (step: TraceStep) => void },
): Promise<void> {
  const params = { query: { aggregateId: orderId, include: 'times', limit: 1 } } as const;
  const headers = { 'Cache-Control': 'no-cache' };
  for (;;) {
    const { items, times } = (await orders.GET('/admin/events', { params, headers, signal })).data;
    const time = times?.[0];
    if (items[0]?.version !== version) return; // another command has followed
    if (time?.publishedAt !== undefined) {
      const afterCommit = Date.parse(time.publishedAt) - Date.parse(time.recordedAt);
      return onStep({ name: PUBLISHED, ms: answeredMs + Math.max(0, afterCommit) });
    }
    await pause(ASK_EVERY_MS, signal);
  }
}

function readModelsOf(orders: OrdersClient, caller: Caller, { orderId, customerId }: Traced): readonly Shown[] {
  const details: Shown = {
    name: 'order_details',
    version: async (signal) =>
      (await orders.GET('/orders/{orderId}', { params: { path: { orderId } }, signal })).data.version,
  };
  const ofCustomer = (id: string): Shown => ({
    name: 'customer_orders',
    version: async (signal) => {
      const params = { path: { customerId: id } };
      const { data } = await orders.GET('/customers/{customerId}/orders', { params, signal });
      return data.items.find((item) => item.orderId === orderId)?.version;
    },
  });
  const search: Shown = {
    name: 'order_search',
    version: async (signal) => {
      const { data } = await orders.GET('/orders', { params: { query: { q: orderId } }, signal });
      return data.items.find((item) => item.orderId === orderId)?.version;
    },
  };
  const shipping: Shown = {
    name: 'shipping_board',
    version: async (signal) => {
      const { data } = await orders.GET('/shipments', { params: { query: { limit: 100 } }, signal });
      return data.items.find((item) => item.orderId === orderId)?.version;
    },
  };
  return [
    details,
    ...(customerId !== undefined && hasRole(caller, 'admin', 'customer') ? [ofCustomer(customerId)] : []),
    ...(hasRole(caller, 'admin') ? [search] : []),
    ...(hasRole(caller, 'admin', 'warehouse') ? [shipping] : []),
  ];
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}
