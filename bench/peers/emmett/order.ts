import { type Event, IllegalStateError } from '@event-driven-io/emmett';
import type { PlaceOrder } from '../order.ts';

/** The event. `Pick` makes a type alias of the interface, which Emmett's record types require. */
export type OrderPlaced = Event<
  'OrderPlaced',
  Pick<PlaceOrder, keyof PlaceOrder> & { readonly total: number; readonly placedAt: string }
>;

/** The state that a decision needs. */
export interface Order {
  readonly status: 'none' | 'submitted';
}

/** The state before any event. */
export const initialState = (): Order => ({ status: 'none' });

/** Applies an event to the state. */
export const evolve = (_order: Order, _event: OrderPlaced): Order => ({ status: 'submitted' });

/**
 * Decides the command.
 * @throws {IllegalStateError} when the order exists
 */
export function placeOrder(command: PlaceOrder, { status }: Order): OrderPlaced {
  if (status !== 'none') throw new IllegalStateError('The order exists.');
  const cents = command.items.reduce((sum, { price, quantity }) => sum + Math.round(price * 100) * quantity, 0);
  return { type: 'OrderPlaced', data: { ...command, total: cents / 100, placedAt: new Date().toISOString() } };
}

/** Makes the read model of an order. */
export const orderDocument = ({ data }: OrderPlaced) => ({
  ...data,
  status: 'submitted',
  items: data.items.map((item, index) => ({ line: index + 1, ...item, lineTotal: item.price * item.quantity })),
});
