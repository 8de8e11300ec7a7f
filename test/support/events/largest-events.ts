import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../../src/shared/events/order-events.ts';
import { orderPlaced } from './events.ts';

/** The limits that the commands check, in UTF-16 code units, and the maximum number of lines. */
const ID = 64;
const TEXT = 200;
const EMAIL = 254;
const LINES = 500;

/** Units of text whose bytes in JSON are the most that the commands accept: they reject control characters. */
export const WIDE_TEXTS = ['字', '😀', '"', '\\', '\u2028', '\uffee', '<'] as const;

const fill = (unit: string, length: number): string => unit.repeat(Math.floor(length / unit.length));

/** An order with everything at its limit. */
export function largestOrder(unit: string): PublishedOrder {
  const text = fill(unit, TEXT);
  const id = fill(unit, ID);
  const line = { productId: id, productName: text, quantity: 100_000, price: Number.MAX_SAFE_INTEGER };
  return {
    orderId: id,
    customerId: id,
    customerName: text,
    customerEmail: fill(unit, EMAIL),
    customerPhone: text,
    customerVersion: 999_999_999,
    status: 'delivered',
    currency: 'USD',
    items: Array.from({ length: LINES }, (_, index) => ({ line: index + 1_000, ...line })),
    total: Number.MAX_SAFE_INTEGER,
    shippingAddress: { street: text, city: text, state: text, zip: text, country: text },
    placedAt: '2026-01-15T10:30:00.000Z',
    confirmedAt: '2026-01-15T10:30:00.000Z',
    tracking: {
      carrier: text,
      trackingNumber: text,
      shippedAt: '2026-01-15T10:30:00.000Z',
      deliveredAt: '2026-01-15T10:30:00.000Z',
    },
  };
}

/** The events of such an order with the largest data: its placing, with all lines; and any number of changes of its address. */
export function largestEvents(unit: string, versions: number): readonly OrderEventEnvelope[] {
  const order = largestOrder(unit);
  const { customerId, currency, total, shippingAddress } = order;
  if (shippingAddress === null) throw new Error('The order has an address.');
  const items = order.items.map(({ productName: _name, ...line }) => line);
  const head = orderPlaced({ aggregateId: order.orderId });
  const placedAt = '2026-01-15T10:30:00.000Z';
  const placed: OrderEventEnvelope = {
    ...head,
    eventType: 'OrderPlaced',
    data: { customerId, currency, items, total, shippingAddress, placedAt },
    order,
  };
  return Array.from({ length: versions }, (_, index): OrderEventEnvelope => {
    const version = index + 1;
    if (version === 1) return placed;
    const moved = { eventType: 'ShippingAddressChanged' as const, data: { shippingAddress } };
    return { ...head, ...moved, schemaVersion: 1, version, order };
  });
}
