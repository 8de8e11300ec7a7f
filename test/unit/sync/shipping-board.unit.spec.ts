import { describe, expect, it } from 'vitest';
import { regionOf } from '../../../src/shared/read-models/shipping-board.ts';
import { shippingBoard } from '../../../src/sync/projections/shipping-board.ts';
import { customerChanged } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { fold, onlyDocument } from '../../support/projections/projections.ts';

const confirmedAt = '2026-01-16T08:00:00.000Z';
const confirmed = orderEvent('order-1', 2, { status: 'confirmed', confirmedAt });
const tracking = { carrier: 'UPS', trackingNumber: '1Z', shippedAt: '2026-01-17T08:00:00.000Z' };
const shipped = orderEvent('order-1', 3, { status: 'shipped', confirmedAt, tracking });
const deliveredAt = '2026-01-20T08:00:00.000Z';
const delivered = orderEvent('order-1', 4, {
  status: 'delivered',
  confirmedAt,
  tracking: { ...tracking, deliveredAt },
});
const refunded = orderEvent('order-1', 4, { status: 'refunded', confirmedAt, tracking });

describe('the shipping_board projection', () => {
  it('creates an entry with the details to ship a confirmed order', () => {
    expect(onlyDocument(fold(shippingBoard, [confirmed]))).toEqual({
      id: 'order-1',
      board: 'all',
      orderId: 'order-1',
      customerId: 'ada',
      customerName: 'Ada Lovelace',
      customerVersion: 0,
      status: 'confirmed',
      region: 'WA',
      shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
      itemCount: 1,
      confirmedAt,
      sortKey: `${confirmedAt}|order-1`,
      version: 2,
      lastUpdated: '2026-01-15T10:02:00.000Z',
      projectionVersion: 2,
    });
  });

  it('adds the carrier and tracking number of a shipped order', () => {
    expect(onlyDocument(fold(shippingBoard, [confirmed, shipped]))).toMatchObject({ status: 'shipped', ...tracking });
  });

  it('creates no entry for an order that was never confirmed', () => {
    const events = [orderEvent('order-1', 1), orderEvent('order-1', 2, { status: 'cancelled' })];
    expect(fold(shippingBoard, events).size).toBe(0);
  });

  it('does not let a late event revert a refunded order', () => {
    expect(onlyDocument(fold(shippingBoard, [confirmed, refunded, shipped]))).toMatchObject({ status: 'refunded' });
  });

  it.each([
    ['30 days after the delivery', delivered, '2026-02-19T08:00:00.000Z'],
    ['30 days after a refund', refunded, '2026-02-14T10:04:00.000Z'],
    ['never while it is on its way', shipped, undefined],
  ])('lets a shipment expire %s', (_, event, expiresAt) => {
    expect(onlyDocument(fold(shippingBoard, [confirmed, event]))?.expiresAt).toBe(expiresAt);
  });

  it('keeps the shipments of a customer, and the customer’s marker, in one logical partition', () => {
    const renamed = customerChanged({ aggregateId: 'ada', version: 2 }, 'Ada Byron');
    const partition = fold(shippingBoard, [confirmed, renamed]).get('ada');
    expect([...(partition?.values() ?? [])]).toMatchObject([
      { id: 'order-1', board: 'all', customerId: 'ada', customerName: 'Ada Byron' },
      { id: '!customer-ada', board: 'all', customerId: 'ada' },
    ]);
  });

  it('forms the region from country and state', () => {
    const address = { street: 's', city: 'c', state: 'LND', zip: 'z' };
    expect([regionOf({ ...address, country: 'GB' }), regionOf(address)]).toEqual(['GB-LND', 'LND']);
  });
});
