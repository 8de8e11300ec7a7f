import { describe, expect, it } from 'vitest';
import { placeOrder } from '../../../src/commands/orders/place-order.ts';
import { envelopeOf, SETTINGS } from '../../support/commands/command-bus.ts';

const RECEIVED_AT = '2026-01-15T10:30:00.000Z';
const ORDER = {
  customerId: 'ada',
  items: [{ productId: 'lamp', quantity: 1 }],
  shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
};

const prepare = (placedAt: string) => () =>
  placeOrder.prepare(envelopeOf({ type: 'PlaceOrder', data: { ...ORDER, placedAt }, at: RECEIVED_AT }), SETTINGS);

describe('the time at which an order was placed', () => {
  it.each(['1970-01-01T00:00:00Z', RECEIVED_AT, '2026-01-15T10:31:00Z', '2026-01-15T12:31:00+02:00'])(
    'may be %s, at most 60 seconds after the command was received',
    (placedAt) => {
      expect(prepare(placedAt)).not.toThrow();
    },
  );

  it.each<[string, string]>([
    ['1969-12-31T23:59:59Z', 'placedAt: must not be before 1970-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00+01:00', 'placedAt: must be in the years 0001 to 9999, in UTC'],
    ['9999-12-31T23:59:59-23:59', 'placedAt: must be in the years 0001 to 9999, in UTC'],
  ])('cannot be %s', (placedAt, problem) => {
    expect(prepare(placedAt)).toThrow(problem);
  });

  it.each(['2026-01-15T10:31:00.001Z', '2026-01-15T12:31:01+02:00', '2027-01-15T10:30:00Z'])(
    'cannot be %s, which is in the future',
    (placedAt) => {
      expect(prepare(placedAt)).toThrow('placedAt: must not be in the future');
    },
  );
});
