import { describe, expect, it } from 'vitest';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { changeOfEvent, changesAfter, orderChange } from '../../../src/shared/read-models/order-change.ts';
import {
  applyOrderEvent,
  ORDER_DETAILS_MAPPING,
  type OrderDetails,
} from '../../../src/shared/read-models/order-details.ts';
import { orderPlaced } from '../../support/events/events.ts';

const placed = orderPlaced({ version: 1 });
const confirmed = (version: number): OrderEventEnvelope => ({
  ...orderPlaced({ version }),
  eventType: 'OrderConfirmed',
  schemaVersion: 1,
  data: { confirmedAt: '2026-01-16T08:00:00.000Z' },
  order: { ...placed.order, status: 'confirmed' },
});
const moved = (version: number): OrderEventEnvelope => ({
  ...confirmed(version),
  eventType: 'ShippingAddressChanged',
  data: { shippingAddress: { street: '1 High St', city: 'Bath', state: 'SOM', zip: 'BA1' } },
});
const cancelled = (version: number): OrderEventEnvelope => ({
  ...confirmed(version),
  eventType: 'OrderCancelled',
  data: { reason: 'changed my mind' },
  order: { ...placed.order, status: 'cancelled' },
});

/** The order page once these events have arrived, in this order. */
function pageAfter(...events: readonly OrderEventEnvelope[]): OrderDetails {
  const [first = placed, ...rest] = events;
  const page = applyOrderEvent(undefined, first, ORDER_DETAILS_MAPPING);
  return rest.reduce((document, event) => applyOrderEvent(document, event, ORDER_DETAILS_MAPPING), page);
}

const outline = (order: OrderDetails, after: number, skipMissing = false) =>
  changesAfter(order, after, skipMissing).map(({ version, status }) => [version, status]);

const four = pageAfter(placed, confirmed(2), moved(3), cancelled(4));

describe('the changes of an order after a version', () => {
  it.each([
    [0, [1, 2, 3, 4]],
    [2, [3, 4]],
    [4, []],
    [9, []],
  ])('after version %i are those that the client has not seen', (after, versions) => {
    expect(outline(four, after).map(([version]) => version)).toEqual(versions);
  });

  it('carry the status after each change, also where the change leaves it as it was', () => {
    expect(outline(four, 0)).toEqual([
      [1, 'submitted'],
      [2, 'confirmed'],
      [3, 'confirmed'],
      [4, 'cancelled'],
    ]);
  });

  it('carry the data of the event, with money as decimal amounts', () => {
    const [change] = changesAfter(pageAfter(placed), 0, false);
    expect(orderChange.parse(change)).toMatchObject({
      orderId: 'order-1',
      version: 1,
      eventType: 'OrderPlaced',
      timestamp: placed.timestamp,
      status: 'submitted',
      data: { customerId: 'ada', total: 59.98 },
    });
  });

  it('end before a version that has not arrived', () => {
    expect(outline(pageAfter(placed, confirmed(2), cancelled(4)), 0).map(([version]) => version)).toEqual([1, 2]);
    expect(outline(pageAfter(placed, confirmed(2), cancelled(4)), 2)).toEqual([]);
  });

  it('skip a version that will not arrive any more', () => {
    expect(outline(pageAfter(placed, confirmed(2), cancelled(4)), 1, true).map(([version]) => version)).toEqual([2, 4]);
  });

  it('have no status, rather than a wrong one, after a change whose predecessor has not arrived', () => {
    expect(outline(pageAfter(placed, moved(3), cancelled(4)), 2)).toEqual([
      [3, undefined],
      [4, 'cancelled'],
    ]);
  });
});

describe('the change of an event', () => {
  it.each([placed, confirmed(2), moved(3), cancelled(4)])('is the one that the order page has: %#', (event) => {
    const page = pageAfter(...[placed, confirmed(2), moved(3), cancelled(4)].slice(0, event.version));
    expect(changeOfEvent(event)).toEqual(changesAfter(page, event.version - 1, false)[0]);
  });
});
