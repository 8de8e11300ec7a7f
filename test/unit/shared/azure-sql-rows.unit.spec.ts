import { describe, expect, it } from 'vitest';
import { toInteger, toLoadedRows } from '../../../src/commands/write-store/rows.ts';

const NONE = { commands: [], orders: [], items: [], customers: [], products: [], syncLags: [] };

describe('database rows', () => {
  it('may have a bigint as text', () => {
    const product = {
      productId: 'p',
      name: 'n',
      price: '9007199254740991',
      currency: 'USD',
      available: '0',
      version: 1,
      discontinued: 0,
    };
    expect(toLoadedRows({ ...NONE, products: [product] }).products[0]?.price).toBe(9_007_199_254_740_991);
  });

  it.each(['9007199254740993', '1e3', '1.5', '', 1.5, null])('cannot have %j as an exact integer', (value) => {
    expect(() => toInteger(value)).toThrow();
  });

  it('may have a time as a Date', () => {
    const placedAt = new Date('2026-03-01T12:34:56.789Z');
    const order = {
      orderId: 'o',
      customerId: 'c',
      status: 'submitted',
      currency: 'USD',
      total: '1',
      street: 's',
      city: 'c',
      state: 's',
      zip: 'z',
      country: null,
      placedAt,
      confirmedAt: null,
      carrier: null,
      trackingNumber: null,
      shippedAt: null,
      deliveredAt: null,
      version: 1,
      lastLine: null,
    };
    expect(toLoadedRows({ ...NONE, orders: [order] }).order?.placedAt).toBe('2026-03-01T12:34:56.789Z');
  });
});
