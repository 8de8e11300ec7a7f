/**
 * Money inside the system is an integer count of the currency's minor units (cents for USD, yen for JPY), so sums are exact;
 * it becomes a decimal number at the HTTP edge only.
 */

/** An amount in minor units of some currency; a safe integer. */
export type MinorUnits = number;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/**
 * ISO 4217's minor units where they are not 2 (list one of 2024-06-25). Intl's decimals are CLDR's, which differ from these and
 * from one version of Node to the next; stored amounts must not.
 */
const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** True for a code of ISO 4217 that this runtime knows, in capitals. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Decimals of the currency's minor unit by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyDecimals(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

/**
 * Minor units of a decimal amount, or undefined when the amount is finer than the currency allows.
 * Exact up to 10^15 minor units, the most that callers let in: the two roundings are off by less than a half there.
 */
export function toMinorUnits(amount: number, currency: string): MinorUnits | undefined {
  const scale = 10 ** currencyDecimals(currency);
  const minor = Math.round(amount * scale);
  return Number.isSafeInteger(minor) && minor / scale === amount ? minor : undefined;
}

/** The decimal amount that JSON clients see: 2999 USD is 29.99. */
export function toDecimal(minor: MinorUnits, currency: string): number {
  return minor / 10 ** currencyDecimals(currency);
}

/** For sentences: `29.99 USD`. */
export function formatMoney(minor: MinorUnits, currency: string): string {
  return `${toDecimal(minor, currency).toFixed(currencyDecimals(currency))} ${currency}`;
}
