import type { OrdersClient } from 'cqrs-orders-client';
import { formatReadModel } from '../format/ids.ts';
import { type Caller, hasRole } from '../session/callers.ts';
import { askUntilShown, type Expected, pauseAfter, type Shown } from './ask-until-shown.ts';

/** The first step of every command. */
export const ANSWERED = 'Committed and answered';

/** When something that follows from a command was seen in this page. */
export interface TraceStep {
  readonly name: string;
  /** Milliseconds since the command was sent. */
  readonly ms: number;
}

/** A command that was accepted. */
export interface Traced extends Expected {
  readonly orderId: string;
  readonly customerId: string | undefined;
  /** Milliseconds from `sentAt` until the answer. */
  readonly answeredMs: number;
}

export interface TraceOptions {
  readonly onStep: (step: TraceStep) => void;
  /** Ends the asking, for example when another command follows. No step is reported after that. */
  readonly signal: AbortSignal;
}

/** How long (ms) a read model is asked. */
const ASK_FOR_MS = 8_000;

/** The step of the outbox, after which the hub has the event. */
export const PUBLISHED = 'Published to the hub';

/**
 * Asks each read model that the caller may read and that can show the order until it shows the version, and, for admins, the log until it
 * has published the event. Calls back for each that does.
 */
export async function traceCommand(
  orders: OrdersClient,
  caller: Caller,
  traced: Traced,
  { onStep, signal: stopped }: TraceOptions,
): Promise<void> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(ASK_FOR_MS)]);
  const report = (name: string) => (ms: number | undefined) => {
    if (ms !== undefined && !stopped.aborted) onStep({ name, ms });
  };
  const isAdmin = hasRole(caller, 'admin');
  await Promise.allSettled([
    isAdmin ? timeOfPublishing(orders, traced, signal).then(report(PUBLISHED)) : undefined,
    ...readModelsOf(orders, caller, traced).map((shown) =>
      askUntilShown(shown, traced, signal).then(report(formatReadModel(shown.name))),
    ),
  ]);
}

/**
 * The time between commit and publication, by the clock of the database, after the answer: the commit is what comes right before it. The
 * log marks an event once the hub has acknowledged it, so that a read model can be faster.
 */
async function timeOfPublishing(
  orders: OrdersClient,
  { orderId, version, sentAt, answeredMs }: Traced,
  signal: AbortSignal,
): Promise<number | undefined> {
  const params = { query: { aggregateId: orderId, include: 'times', limit: 1 } } as const;
  const headers = { 'Cache-Control': 'no-cache' };
  for (;;) {
    const { items, times } = (await orders.GET('/admin/events', { params, headers, signal })).data;
    const time = times?.[0];
    if (items[0]?.version !== version) return undefined; // another command has followed
    if (time?.publishedAt !== undefined) {
      const afterCommit = Date.parse(time.publishedAt) - Date.parse(time.recordedAt);
      return answeredMs + Math.max(0, afterCommit);
    }
    await pauseAfter(performance.now() - sentAt, signal);
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
    addedWhen: 'submitted', // then it is the newest of the list
    version: async (signal) => {
      const params = { path: { customerId: id } };
      const { data } = await orders.GET('/customers/{customerId}/orders', { params, signal });
      return data.items.find((item) => item.orderId === orderId)?.version;
    },
  });
  const search: Shown = {
    name: 'order_search',
    addedWhen: 'submitted',
    version: async (signal) => {
      const { data } = await orders.GET('/orders', { params: { query: { q: orderId } }, signal });
      return data.items.find((item) => item.orderId === orderId)?.version;
    },
  };
  const shipping: Shown = {
    name: 'shipping_board',
    addedWhen: 'confirmed',
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
