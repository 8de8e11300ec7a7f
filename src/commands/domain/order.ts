import type { Address, OrderPlaced } from '../../shared/events/order-events.ts';
import type { MinorUnits } from '../../shared/money.ts';
import { checkCredit, checkCurrency, checkStock, type OrderFacts, priceItems, unitsByProduct } from './order-rules.ts';
import { accept, type Decision, reject } from './result.ts';

// Events

export type OrderEvent = { readonly eventType: 'OrderPlaced'; readonly data: OrderPlaced };

// State

export interface OrderItem {
  /** 1, 2, … as the client gave them; several lines may hold one product. */
  readonly line: number;
  readonly productId: string;
  readonly quantity: number;
  readonly price: MinorUnits;
}

export interface SubmittedOrder {
  readonly status: 'submitted';
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly OrderItem[];
  readonly total: MinorUnits;
  readonly shippingAddress: Address;
  /** ISO 8601 UTC. */
  readonly placedAt: string;
}

/** An order after its first event. */
export type ExistingOrder = SubmittedOrder;

/** `none` before the first event. */
export type OrderState = { readonly status: 'none' } | ExistingOrder;

export const initialOrder: OrderState = { status: 'none' };

// Commands

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: string;
  readonly customerId: string;
  readonly currency: string;
  /** A line without a price takes the catalogue's. */
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly price?: MinorUnits | undefined;
  }[];
  readonly shippingAddress: Address;
  /** ISO 8601 UTC. */
  readonly placedAt: string;
  /** True: a line's price is set by the command. False: it must be the catalogue's. */
  readonly setsPrices: boolean;
}

export type OrderCommand = PlaceOrder;

// Decide and evolve

/** Decides a command on an order by its state and the facts about customer and products. Pure: time and ids come in. */
export function decideOrder(command: OrderCommand, state: OrderState, facts: OrderFacts): Decision<OrderEvent> {
  switch (command.type) {
    case 'PlaceOrder':
      return placeOrder(command, state, facts);
  }
}

function placeOrder(command: PlaceOrder, state: OrderState, facts: OrderFacts): Decision<OrderEvent> {
  const { orderId, customerId, currency, shippingAddress, placedAt } = command;
  if (state.status !== 'none') {
    return reject({ code: 'order-exists', message: `Order ${orderId} exists already: choose another orderId.` });
  }
  const { customer } = facts;
  if (customer === undefined) {
    return reject({ code: 'customer-not-found', message: `There is no customer ${customerId}: register it first.` });
  }
  const priced = priceItems(command, facts);
  if (priced.outcome === 'rejected') return priced;
  const { items } = priced;
  const total = totalOf(items);
  const rejection =
    checkCurrency(currency, customer, items, facts) ?? checkStock(items, facts) ?? checkCredit(total, customer);
  if (rejection !== undefined) return reject(rejection);
  return accept({
    eventType: 'OrderPlaced',
    data: { customerId, currency, items, total, shippingAddress, placedAt },
  });
}

/** The state after an event. Folding all events of an order gives its rows. */
export function evolveOrder(_state: OrderState, event: OrderEvent): ExistingOrder {
  switch (event.eventType) {
    case 'OrderPlaced':
      return { status: 'submitted', ...event.data };
  }
}

/** What an order holds of others in its state: units of each product, and credit of its customer in minor units. */
export function reservationsOf(state: OrderState): {
  readonly stock: ReadonlyMap<string, number>;
  readonly credit: MinorUnits;
} {
  switch (state.status) {
    case 'none':
      return { stock: new Map(), credit: 0 };
    case 'submitted':
      return { stock: unitsByProduct(state.items), credit: state.total };
  }
}

function totalOf(items: readonly OrderItem[]): MinorUnits {
  return items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
}
