import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addExactly,
  currencyDecimals,
  formatMoney,
  isCurrency,
  MAX_AMOUNT,
  sumToDecimal,
  toDecimal,
  toMinorUnits,
} from '../../../src/shared/money.ts';

const CURRENCIES = [
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
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

describe.each(CURRENCIES)('%s', (currency, decimals) => {
  it(`has ${decimals} decimals`, () => {
    expect(currencyDecimals(currency)).toBe(decimals);
  });

  it('converts every amount in minor units to a decimal number and back, even through JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_AMOUNT }), (minor) => {
        const sent = JSON.parse(JSON.stringify(toDecimal(minor, currency)));
        expect(toMinorUnits(sent, currency)).toBe(minor);
      }),
    );
  });

  it('converts every decimal numeral to the minor units of its digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 10 ** decimals - 1 }), (whole, part) => {
        const numeral = decimals === 0 ? String(whole) : `${whole}.${String(part).padStart(decimals, '0')}`;
        expect(toMinorUnits(Number(numeral), currency)).toBe(whole * 10 ** decimals + part);
      }),
    );
  });

  it('rejects an amount with more decimals than the currency has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 9 }), (minor, finer) => {
        const amount = Number(`${minor}.${finer}e-${decimals}`);
        expect(toMinorUnits(amount, currency)).toBeUndefined();
      }),
    );
  });
});

describe('a sum', () => {
  const digits = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const numberOrDigits = (value: bigint) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));

  it('is exact, however large', () => {
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        expect(addExactly(numberOrDigits(a), numberOrDigits(b))).toBe(numberOrDigits(a + b));
        expect(addExactly(numberOrDigits(a), numberOrDigits(b), -1)).toBe(numberOrDigits(a - b));
      }),
    );
  });

  it('becomes digits above 2^53 - 1 and a number again below', () => {
    expect(addExactly(Number.MAX_SAFE_INTEGER, 1)).toBe('9007199254740992');
    expect(addExactly('9007199254740992', 1, -1)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    [5998, 'USD', 59.98],
    ['99999999999999999999', 'USD', 1e18],
    ['10000000000000000', 'JPY', 1e16],
  ])('of %s minor units of %s is the decimal %d', (sum, currency, decimal) => {
    expect(sumToDecimal(sum, currency)).toBe(decimal);
  });
});

describe('an amount', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])('of %d has no minor units', (amount) => {
    expect(toMinorUnits(amount, 'USD')).toBeUndefined();
  });

  it.each([
    [2999, 'USD', '29.99 USD'],
    [5, 'KWD', '0.005 KWD'],
    [1500, 'JPY', '1500 JPY'],
  ])('of %d minor units of %s is shown as %s', (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text);
  });
});

describe('isCurrency', () => {
  it.each([
    ['USD', true],
    ['usd', false],
    ['US', false],
    ['XXY', false],
    ['', false],
  ])('for %j is %s', (code, known) => {
    expect(isCurrency(code)).toBe(known);
  });
});
