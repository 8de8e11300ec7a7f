import { describe, expect, it } from 'vitest';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { changeOfEvent, changesAfter, orderChange } from '../../../src/shared/read-models/order-change.ts';
import { type HistoryEntry, historyEntryOf } from '../../../src/shared/read-models/order-history.ts';
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

/** The history after a version, once these events have arrived. */
const historyAfter = (events: readonly OrderEventEnvelope[], after: number): readonly HistoryEntry[] =>
  events.map(historyEntryOf).filter(({ version }) => version > after);

const changes = (events: readonly OrderEventEnvelope[], after: number, skipMissing = false) =>
  changesAfter(historyAfter(events, after), 'USD', { after, skipMissing });

const outline = (events: readonly OrderEventEnvelope[], after: number, skipMissing = false) =>
  changes(events, after, skipMissing).map(({ version, status }) => [version, status]);

const four = [placed, confirmed(2), moved(3), cancelled(4)];

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
    const [change] = changes([placed], 0);
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
    expect(outline([placed, confirmed(2), cancelled(4)], 0).map(([version]) => version)).toEqual([1, 2]);
    expect(outline([placed, confirmed(2), cancelled(4)], 2)).toEqual([]);
  });

  it('skip a version that will not arrive any more', () => {
    expect(outline([placed, confirmed(2), cancelled(4)], 1, true).map(([version]) => version)).toEqual([2, 4]);
  });

  it('carry the status after a change whose predecessor has not arrived', () => {
    expect(outline([placed, moved(3), cancelled(4)], 2)).toEqual([
      [3, 'confirmed'],
      [4, 'cancelled'],
    ]);
  });
});

describe('the change of an event', () => {
  it.each(four)('equals the history entry: %#', (event) => {
    expect(changeOfEvent(event)).toEqual(changes(four, event.version - 1)[0]);
  });
});
