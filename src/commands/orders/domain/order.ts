import type { Address, OrderEvent, Tracking } from '../../../shared/events/order-events.ts';
import type { MinorUnits } from '../../../shared/money.ts';
import {
  NO_RESERVATIONS,
  type Reservations,
  reservationsOf as reservationsOfOrder,
} from '../../../shared/orders/reservations.ts';
import { lastLineOf, type OrderItem, totalOf } from './order-item.ts';

// State

interface Content {
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly OrderItem[];
  /** The highest line that the order ever had, 0 for none: the line of a removed item is not given to another one. */
  readonly lastLine: number;
  readonly total: MinorUnits;
}

/** A draft may still lack an address and a time. Times are ISO 8601 UTC. */
interface Unplaced extends Content {
  readonly shippingAddress: Address | null;
  readonly placedAt: string | null;
}

interface Placed extends Content {
  readonly shippingAddress: Address;
  readonly placedAt: string;
}

export interface DraftOrder extends Unplaced {
  readonly status: 'draft';
  readonly placedAt: null;
}
export interface SubmittedOrder extends Placed {
  readonly status: 'submitted';
}
export interface ConfirmedOrder extends Placed {
  readonly status: 'confirmed';
  readonly confirmedAt: string;
}
export interface ShippedOrder extends Placed {
  readonly status: 'shipped' | 'delivered';
  readonly confirmedAt: string;
  readonly tracking: Tracking;
}
export interface CancelledOrder extends Unplaced {
  readonly status: 'cancelled';
  readonly confirmedAt?: string | undefined;
}
export interface RefundedOrder extends Placed {
  readonly status: 'refunded';
  readonly confirmedAt: string;
  readonly tracking?: Tracking | undefined;
}

/** An order after its first event. */
export type ExistingOrder =
  | DraftOrder
  | SubmittedOrder
  | ConfirmedOrder
  | ShippedOrder
  | CancelledOrder
  | RefundedOrder;

/** `none` before the first event. */
export type OrderState = { readonly status: 'none' } | ExistingOrder;
export type OrderInStatus<Status extends OrderState['status']> = OrderState & { readonly status: Status };

export const initialOrder: OrderState = { status: 'none' };

// Evolve

/**
 * Returns the state after an event. Folding all events of an order gives its rows. Throws when the event cannot follow the state.
 */
export function evolveOrder(state: OrderState, event: OrderEvent): ExistingOrder {
  switch (event.eventType) {
    case 'OrderCreated':
      return { status: 'draft', ...event.data, lastLine: lastLineOf(event.data.items), placedAt: null };
    case 'OrderPlaced':
      return { status: 'submitted', ...event.data, lastLine: lastLineOf(event.data.items) };
    case 'ItemAdded':
      return withItems(requireStatus(state, event, 'draft'), (items) => [...items, event.data]);
    case 'ItemRemoved':
      return withItems(requireStatus(state, event, 'draft'), (items) =>
        items.filter(({ productId }) => productId !== event.data.productId),
      );
    case 'QuantityChanged': {
      const { line, quantity } = event.data;
      return withItems(requireStatus(state, event, 'draft'), (items) =>
        items.map((item) => (item.line === line ? { ...item, quantity } : item)),
      );
    }
    case 'LineRemoved':
      return withItems(requireStatus(state, event, 'draft'), (items) =>
        items.filter(({ line }) => line !== event.data.line),
      );
    case 'ShippingAddressChanged':
      return { ...requireStatus(state, event, 'draft', 'submitted', 'confirmed'), ...event.data };
    case 'OrderSubmitted': {
      const draft = requireStatus(state, event, 'draft');
      if (draft.shippingAddress === null) throw new Error('The log submits an order without an address.');
      return { ...draft, status: 'submitted', shippingAddress: draft.shippingAddress, ...event.data };
    }
    case 'OrderConfirmed':
      return { ...requireStatus(state, event, 'submitted'), status: 'confirmed', ...event.data };
    case 'OrderShipped':
      return { ...requireStatus(state, event, 'confirmed'), status: 'shipped', tracking: event.data };
    case 'OrderDelivered': {
      const shipped = requireStatus(state, event, 'shipped');
      return { ...shipped, status: 'delivered', tracking: { ...shipped.tracking, ...event.data } };
    }
    case 'OrderCancelled':
      return { ...requireStatus(state, event, 'draft', 'submitted', 'confirmed'), status: 'cancelled' };
    case 'OrderExpired':
      return { ...requireStatus(state, event, 'submitted'), status: 'cancelled' };
    case 'OrderRefunded':
      return { ...requireStatus(state, event, 'confirmed', 'shipped', 'delivered'), status: 'refunded' };
  }
}

/** Narrows the state to the statuses that the event can follow. Throws for any other status. */
function requireStatus<Status extends OrderState['status']>(
  state: OrderState,
  { eventType }: OrderEvent,
  ...statuses: readonly Status[]
): OrderInStatus<Status> {
  if (isIn(state, statuses)) return state;
  throw new Error(`The log has ${eventType} for an order in status ${state.status}.`);
}

/** True when the order is in one of the statuses. */
export function isIn<Status extends OrderState['status']>(
  state: OrderState,
  statuses: readonly Status[],
): state is OrderInStatus<Status> {
  return statuses.some((status) => status === state.status);
}

function withItems(draft: DraftOrder, change: (items: readonly OrderItem[]) => readonly OrderItem[]): DraftOrder {
  const items = change(draft.items);
  return { ...draft, items, total: totalOf(items), lastLine: Math.max(draft.lastLine, lastLineOf(items)) };
}

// Reservations

/** What an order reserves in its state. */
export function reservationsOf(state: OrderState): Reservations {
  return state.status === 'none' ? NO_RESERVATIONS : reservationsOfOrder(state);
}
