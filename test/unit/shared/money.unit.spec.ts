import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyDecimals, formatMoney, isCurrency, toDecimal, toMinorUnits } from '../../../src/shared/money.ts';

const CURRENCIES = [
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
] as const;

it.each([
  ['HUF', 2],
  ['IDR', 2],
  ['IQD', 3],
  ['RSD', 2],
  ['CLF', 4],
] as const)('%s has the %i decimals of ISO 4217, not those of CLDR', (currency, decimals) => {
  expect(currencyDecimals(currency)).toBe(decimals);
});

/** The largest amount that comes in: a credit limit, in minor units. */
const LARGEST = 1_000_000_000_000_000;

describe.each(CURRENCIES)('%s', (currency, decimals) => {
  it(`has ${decimals} decimals`, () => {
    expect(currencyDecimals(currency)).toBe(decimals);
  });

  it('gives every amount in minor units back from its decimal number, also by way of JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST }), (minor) => {
        const sent = JSON.parse(JSON.stringify(toDecimal(minor, currency)));
        expect(toMinorUnits(sent, currency)).toBe(minor);
      }),
    );
  });

  it('reads every decimal numeral as the minor units that its digits say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 10 ** decimals - 1 }), (whole, part) => {
        const numeral = decimals === 0 ? String(whole) : `${whole}.${String(part).padStart(decimals, '0')}`;
        expect(toMinorUnits(Number(numeral), currency)).toBe(whole * 10 ** decimals + part);
      }),
    );
  });

  it('refuses an amount that is finer than the currency', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 9 }), (minor, finer) => {
        const amount = Number(`${minor}.${finer}e-${decimals}`);
        expect(toMinorUnits(amount, currency)).toBeUndefined();
      }),
    );
  });
});

describe('an amount', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('%d has no minor units', (amount) => {
    expect(toMinorUnits(amount, 'USD')).toBeUndefined();
  });

  it.each([
    [2999, 'USD', '29.99 USD'],
    [5, 'KWD', '0.005 KWD'],
    [1500, 'JPY', '1500 JPY'],
  ])('%d %s is shown as %s', (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text);
  });
});

describe('a currency', () => {
  it.each([
    ['USD', true],
    ['usd', false],
    ['US', false],
    ['XXY', false],
    ['', false],
  ])('%s: %s', (code, known) => {
    expect(isCurrency(code)).toBe(known);
  });
});
