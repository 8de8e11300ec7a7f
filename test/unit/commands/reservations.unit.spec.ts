import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../src/commands/orders/domain/commands.ts';
import { evolveOrder, initialOrder, type OrderState } from '../../../src/commands/orders/domain/order.ts';
import { prepareOrderCommand } from '../../../src/commands/orders/order-handler.ts';
import { toOrderRow } from '../../../src/commands/orders/order-row.ts';
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
  version: 1,
};
const product = (productId: string, price: number) => ({
  productId,
  name: productId,
  price,
  currency: 'USD',
  available: 100,
  version: 1,
});
const products = [product('lamp', 3000), product('desk', 10_000), product('flyer', 0)];

/** Two lines of the lamp around one of the desk. */
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
const refund: OrderCommand = { type: 'RefundOrder', orderId, reason: 'broken' };

/** Given an order's events, when a command is accepted, then this is what its commit moves of stock and credit. */
function moved(events: readonly OrderEvent[], command: OrderCommand): object {
  const state = events.reduce<OrderState>(evolveOrder, initialOrder);
  const row = state.status === 'none' ? {} : { order: toOrderRow(orderId, events.length, state) };
  const { decide } = prepareOrderCommand({ orderId, toCommand: () => command });
  const decision = decide({ ...row, customer, products, syncLags: [] });
  if (decision.outcome === 'rejected') throw new Error(decision.rejection.message);
  const { stock, credit } = decision.change;
  return { stock, credit };
}

const TAKEN = {
  stock: [
    { productId: 'desk', delta: -1 },
    { productId: 'lamp', delta: -5 },
  ],
  credit: { customerId: 'ada', delta: 25_000 },
};
const GIVEN_BACK = {
  stock: [
    { productId: 'desk', delta: 1 },
    { productId: 'lamp', delta: 5 },
  ],
  credit: { customerId: 'ada', delta: -25_000 },
};
const CREDIT_GIVEN_BACK = { stock: [], credit: { customerId: 'ada', delta: -25_000 } };
const NOTHING = { stock: [], credit: undefined };

describe('stock and credit', () => {
  it.each<[string, readonly OrderEvent[], OrderCommand, object]>([
    ['are taken when an order is placed', [], place(items), TAKEN],
    ['are taken when a draft is submitted', [created], submit, TAKEN],
    ['are not touched by a draft’s new line', [created], addLamp, NOTHING],
    ['are not touched by a new address', [placed], move, NOTHING],
    ['are kept when an order is confirmed', [placed], confirm, NOTHING],
    ['are kept when an order is shipped', [placed, confirmed], ship, NOTHING],
    ['are given back when a submitted order is cancelled', [placed], cancel, GIVEN_BACK],
    ['are given back when a confirmed order is cancelled', [placed, confirmed], cancel, GIVEN_BACK],
    ['were never taken by a draft that is cancelled', [created], cancel, NOTHING],
  ])('%s', (_name, events, command, expected) => {
    expect(moved(events, command)).toEqual(expected);
  });
});

describe('credit alone', () => {
  it.each<[string, readonly OrderEvent[], OrderCommand, object]>([
    ['is settled when an order is delivered', [placed, confirmed, shipped], deliver, CREDIT_GIVEN_BACK],
    ['is given back when a confirmed order is refunded', [placed, confirmed], refund, CREDIT_GIVEN_BACK],
    ['is given back when a shipped order is refunded', [placed, confirmed, shipped], refund, CREDIT_GIVEN_BACK],
    [
      'is not given back twice when a delivered order is refunded',
      [placed, confirmed, shipped, delivered],
      refund,
      NOTHING,
    ],
  ])('%s', (_name, events, command, expected) => {
    expect(moved(events, command)).toEqual(expected);
  });

  it('is not moved by an order that costs nothing', () => {
    expect(moved([], place([{ productId: 'flyer', quantity: 4 }]))).toEqual({
      stock: [{ productId: 'flyer', delta: -4 }],
      credit: undefined,
    });
  });
});
