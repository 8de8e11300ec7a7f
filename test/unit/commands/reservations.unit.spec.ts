import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../src/commands/orders/domain/commands.ts';
import { evolveOrder, initialOrder, type OrderState } from '../../../src/commands/orders/domain/order.ts';
import { prepareOrderCommand } from '../../../src/commands/orders/order-handler.ts';
import { toOrderRow } from '../../../src/commands/orders/order-row.ts';
import type { Actor } from '../../../src/shared/auth/authenticate.ts';
import type { OrderEvent } from '../../../src/shared/events/order-events.ts';

const orderId = 'order-1';
const shippingAddress = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const at = '2026-01-15T10:30:00.000Z';

const customer = {
  customerId: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  phone: null,
  currency: 'USD',
  creditLimit: 100_000,
  creditUsed: 0,
  erased: false,
  erasureRequestedBy: null,
  version: 1,
};
const product = (productId: string, price: number) => ({
  productId,
  name: productId,
  price,
  currency: 'USD',
  available: 100,
  discontinued: false,
  version: 1,
});
const products = [product('lamp', 3000), product('desk', 10_000), product('flyer', 0)];

/** Two lamp lines around one desk line. */
const items = [
  { line: 1, productId: 'lamp', quantity: 2, price: 3000 },
  { line: 2, productId: 'desk', quantity: 1, price: 10_000 },
  { line: 3, productId: 'lamp', quantity: 3, price: 3000 },
];
const order = { customerId: 'ada', currency: 'USD', items, total: 25_000, shippingAddress };

const created: OrderEvent = { eventType: 'OrderCreated', data: order };
const placed: OrderEvent = { eventType: 'OrderPlaced', data: { ...order, placedAt: at } };
const confirmed: OrderEvent = { eventType: 'OrderConfirmed', data: { confirmedAt: at } };
const shipped: OrderEvent = {
  eventType: 'OrderShipped',
  data: { carrier: 'UPS', trackingNumber: '1Z', shippedAt: at },
};
const delivered: OrderEvent = { eventType: 'OrderDelivered', data: { deliveredAt: at } };

const place = (lines: readonly { readonly productId: string; readonly quantity: number }[]): OrderCommand => ({
  type: 'PlaceOrder',
  orderId,
  customerId: 'ada',
  currency: 'USD',
  items: lines,
  shippingAddress,
  placedAt: at,
  setsPrices: false,
});
const submit: OrderCommand = { type: 'SubmitOrder', orderId, placedAt: at, setsPrices: false };
const addLamp: OrderCommand = {
  type: 'AddItem',
  orderId,
  item: { productId: 'lamp', quantity: 1 },
  setsPrices: false,
};
const move: OrderCommand = { type: 'ChangeShippingAddress', orderId, shippingAddress };
const confirm: OrderCommand = { type: 'ConfirmOrder', orderId, confirmedAt: at };
const ship: OrderCommand = { type: 'ShipOrder', orderId, carrier: 'UPS', trackingNumber: '1Z', shippedAt: at };
const deliver: OrderCommand = { type: 'DeliverOrder', orderId, deliveredAt: at };
const cancel: OrderCommand = { type: 'CancelOrder', orderId, reason: 'changed my mind' };
const expire: OrderCommand = { type: 'ExpireOrder', orderId, submittedAt: at };
const refund: OrderCommand = { type: 'RefundOrder', orderId, reason: 'broken' };

const ADMIN: Actor = { userId: 'admin', roles: new Set(['admin']), customerId: undefined };

/** Given an order's events, returns the changes of stock and credit in the commit of an accepted command. */
function reservationChanges(events: readonly OrderEvent[], command: OrderCommand): object {
  const state = events.reduce<OrderState>(evolveOrder, initialOrder);
  const row = state.status === 'none' ? {} : { order: toOrderRow(orderId, events.length, state) };
  const { decide } = prepareOrderCommand({ orderId, actor: ADMIN, toCommand: () => command });
  const decision = decide({ ...row, customer, products, syncLags: [] });
  if (decision.outcome === 'rejected') throw new Error(decision.rejection.message);
  const { stock, credit } = decision.change;
  return { stock, credit };
}

const RESERVED = {
  stock: [
    { productId: 'desk', delta: -1 },
    { productId: 'lamp', delta: -5 },
  ],
  credit: { customerId: 'ada', delta: 25_000 },
};
const RELEASED = {
  stock: [
    { productId: 'desk', delta: 1 },
    { productId: 'lamp', delta: 5 },
  ],
  credit: { customerId: 'ada', delta: -25_000 },
};
const CREDIT_RELEASED = { stock: [], credit: { customerId: 'ada', delta: -25_000 } };
const NOTHING = { stock: [], credit: undefined };

describe('stock and credit', () => {
  it.each<[string, readonly OrderEvent[], OrderCommand, object]>([
    ['are reserved when an order is placed', [], place(items), RESERVED],
    ['are reserved when a draft is submitted', [created], submit, RESERVED],
    ['do not change when a draft gets a new line', [created], addLamp, NOTHING],
    ['do not change when the address changes', [placed], move, NOTHING],
    ['stay reserved when an order is confirmed', [placed], confirm, NOTHING],
    ['stay reserved when an order is shipped', [placed, confirmed], ship, NOTHING],
    ['are released when a submitted order is cancelled', [placed], cancel, RELEASED],
    ['are released when a confirmed order is cancelled', [placed, confirmed], cancel, RELEASED],
    ['are released when a submitted order expires', [placed], expire, RELEASED],
    ['do not change when a draft is cancelled', [created], cancel, NOTHING],
  ])('%s', (_name, events, command, expected) => {
    expect(reservationChanges(events, command)).toEqual(expected);
  });
});

describe('credit alone', () => {
  it.each<[string, readonly OrderEvent[], OrderCommand, object]>([
    ['is released when an order is delivered', [placed, confirmed, shipped], deliver, CREDIT_RELEASED],
    ['is released when a confirmed order is refunded', [placed, confirmed], refund, CREDIT_RELEASED],
    ['is released when a shipped order is refunded', [placed, confirmed, shipped], refund, CREDIT_RELEASED],
    [
      'is not released twice when a delivered order is refunded',
      [placed, confirmed, shipped, delivered],
      refund,
      NOTHING,
    ],
  ])('%s', (_name, events, command, expected) => {
    expect(reservationChanges(events, command)).toEqual(expected);
  });

  it('is not reserved for an order that costs nothing', () => {
    expect(reservationChanges([], place([{ productId: 'flyer', quantity: 4 }]))).toEqual({
      stock: [{ productId: 'flyer', delta: -4 }],
      credit: undefined,
    });
  });
});
