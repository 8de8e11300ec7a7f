/**
 * Amounts are integers in the currency's minor units (cents for USD, yen for JPY), so sums are exact. Only the HTTP API uses
 * decimal numbers.
 */

/** An amount in minor units of a currency; a safe integer. */
export type MinorUnits = number;

/**
 * The largest price, credit limit and order total that a command accepts, in minor units of any currency. Up to here, conversions
 * between decimals and minor units are exact, and the sum of two such amounts is a safe integer.
 */
export const MAX_AMOUNT: MinorUnits = 1_000_000_000_000_000;

/**
 * An exact sum of any number of amounts in minor units: a number up to the largest safe integer, and a string of decimal digits above it,
 * because JSON numbers are read as doubles.
 */
export type ExactSum = number | string;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/**
 * ISO 4217's minor units where they are not 2 (list one of 2024-06-25). Intl's decimals come from CLDR. They differ from ISO 4217
 * and between versions of Node, which would change the meaning of stored amounts.
 */
const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** True for an ISO 4217 code in upper case that this runtime supports. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Decimals of a currency in ISO 4217: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyDecimals(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

/**
 * Converts a decimal amount to minor units. Returns undefined when the amount has more decimals than the currency.
 * Exact up to `MAX_AMOUNT`, the maximum that callers accept, because the two rounding errors stay below one half.
 */
export function toMinorUnits(amount: number, currency: string): MinorUnits | undefined {
  const scale = 10 ** currencyDecimals(currency);
  const minor = Math.round(amount * scale);
  return Number.isSafeInteger(minor) && minor / scale === amount ? minor : undefined;
}

/** Converts minor units to the decimal amount in JSON: 2999 (USD) is 29.99. */
export function toDecimal(minor: MinorUnits, currency: string): number {
  return minor / 10 ** currencyDecimals(currency);
}

/** Adds two sums exactly, or subtracts the second one. */
export function addExactly(sum: ExactSum, other: ExactSum, sign: 1 | -1 = 1): ExactSum {
  const exact = BigInt(sum) + BigInt(sign) * BigInt(other);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : String(exact);
}

/** Converts a sum to the decimal amount in JSON. Above 2^53 minor units, the result is the nearest double. */
export function sumToDecimal(sum: ExactSum, currency: string): number {
  return toDecimal(Number(sum), currency);
}

/** Formats an amount for messages: `29.99 USD`. */
export function formatMoney(minor: MinorUnits, currency: string): string {
  return `${toDecimal(minor, currency).toFixed(currencyDecimals(currency))} ${currency}`;
}
