import fc from 'fast-check';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../../src/shared/events/order-events.ts';
import { orderPlaced } from './events.ts';

/** An order's event of a version, with the order after it; projections look at nothing else. */
export function orderEvent(orderId: string, version: number, order: Partial<PublishedOrder> = {}): OrderEventEnvelope {
  const timestamp = new Date(Date.UTC(2026, 0, 15, 10, version)).toISOString();
  const placed = orderPlaced({ aggregateId: orderId, version, timestamp });
  return { ...placed, order: { ...placed.order, ...order } };
}

const confirmedAt = '2026-01-16T08:00:00.000Z';
const tracking = { carrier: 'UPS', trackingNumber: '1Z', shippedAt: '2026-01-17T08:00:00.000Z' };

/** The ways that an order can go, by what each of its versions adds. */
export const LIVES: readonly (readonly Partial<PublishedOrder>[])[] = [
  [{}],
  [{}, { status: 'confirmed', confirmedAt }, { status: 'shipped', confirmedAt, tracking }],
  [{}, { status: 'cancelled' }],
  [{}, { status: 'confirmed', confirmedAt }, { status: 'refunded', confirmedAt }],
  [{ status: 'draft', placedAt: null }, {}, { status: 'confirmed', confirmedAt }],
  [
    { status: 'draft', placedAt: null, shippingAddress: null },
    { status: 'cancelled', placedAt: null, shippingAddress: null },
  ],
];

/** Events of several orders of a few customers on a few days, in the order in which they happened. */
export const orderLives: fc.Arbitrary<readonly OrderEventEnvelope[]> = fc
  .array(
    fc.record({
      life: fc.constantFrom(...LIVES),
      customerId: fc.constantFrom('ada', 'grace', 'edsger'),
      day: fc.constantFrom('2026-01-15', '2026-01-16'),
      currency: fc.constantFrom('USD', 'EUR'),
      total: fc.integer({ min: 1, max: 100_000 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((orders) =>
    orders.flatMap(({ life, customerId, day, currency, total }, index) =>
      life.map((order, step) =>
        orderEvent(`order-${index}`, step + 1, {
          customerId,
          customerName: `Customer ${customerId}`,
          currency,
          total,
          placedAt: `${day}T10:30:00.000Z`,
          ...order,
        }),
      ),
    ),
  );

/** The events with some of them twice, in any order: what a hub may deliver at worst. */
export function disorderOf<Event>(events: readonly Event[]): fc.Arbitrary<readonly Event[]> {
  return fc
    .subarray([...events])
    .chain((twice) => fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length }));
}

/** The newest state of each order. */
export function newestOrders(events: readonly OrderEventEnvelope[]): readonly PublishedOrder[] {
  const newest = new Map<string, OrderEventEnvelope>();
  for (const event of events) {
    if ((newest.get(event.aggregateId)?.version ?? 0) < event.version) newest.set(event.aggregateId, event);
  }
  return [...newest.values()].map(({ order }) => order);
}

/** Both in one sequence; the first in its own order, the second wherever. */
export function interleavingOf<Event>(
  ordered: readonly Event[],
  others: readonly Event[],
): fc.Arbitrary<readonly Event[]> {
  const places = fc.array(fc.nat({ max: ordered.length }), { minLength: others.length, maxLength: others.length });
  return places.map((before) => {
    const placed = others.map((event, index) => ({ event, place: before[index] ?? 0 }));
    const between = (place: number) => placed.filter((other) => other.place === place).map(({ event }) => event);
    return [...ordered.flatMap((event, index) => [...between(index), event]), ...between(ordered.length)];
  });
}
