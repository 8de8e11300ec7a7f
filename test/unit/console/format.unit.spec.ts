import { describe, expect, it } from 'vitest';
import { formatEventType, formatReadModel, shortId } from '../../../console/src/format/ids.ts';
import { formatCount, formatMoney, formatRate, plural } from '../../../console/src/format/numbers.ts';
import { formatDuration, toInstant } from '../../../console/src/format/times.ts';
import { toDecimal } from '../../../src/shared/money.ts';

describe('the console writes', () => {
  it.each([
    [0, '0 ms'],
    [84.6, '85 ms'],
    [1_234, '1.2 s'],
    [2_000, '2 s'],
    [45_000, '45 s'],
    [200_000, '3 min'],
    [7_200_000, '2 h'],
    [200_000_000, '2 d'],
  ])('a duration of %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.03, '<0.1'],
    [0.44, '0.4'],
    [12.4, '12'],
  ])('a rate of %d per second as %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  it.each([
    [950, '950'],
    [1_204, '1,204'],
    [12_345, '12.3K'],
  ])('a count of %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it('an amount with the sign of its currency', () => {
    expect([formatMoney(1_299, 'USD'), formatMoney(1_299, 'JPY')]).toEqual(['$1,299.00', '¥1,299']);
  });

  it.each(Intl.supportedValuesOf('currency'))('an amount in %s with all of its minor units', (currency) => {
    const minor = 1_234_567;
    expect(formatMoney(toDecimal(minor, currency), currency).replaceAll(/\D/g, '')).toBe(String(minor));
  });

  it('one thing in the singular', () => {
    expect([plural(1, 'order'), plural(2, 'order')]).toEqual(['1 order', '2 orders']);
  });

  it('names of events and read models as words, and long ids by their beginning', () => {
    expect(formatEventType('ShippingAddressChanged')).toBe('Shipping address changed');
    expect(formatReadModel('order_details')).toBe('Order details');
    expect([shortId('order-1'), shortId('1e5feeec-85ae-4137-b032-b6e5880785f5')]).toEqual(['order-1', '1e5feeec…']);
  });
});

describe('the console reads', () => {
  it('a local time as an instant', () => {
    const local = '2026-03-01T14:05';
    expect(toInstant(local)).toBe(new Date(2026, 2, 1, 14, 5).toISOString());
  });

  it.each(['', '20266-01-01T00:00', '2026-13-01T00:00'])('no instant in "%s"', (local) => {
    expect(toInstant(local)).toBeUndefined();
  });
});
