import { currencyDecimals } from '../../../src/shared/money.ts';

const COMPACT = new Intl.NumberFormat('en', { maximumFractionDigits: 1, notation: 'compact' });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const money = new Map<string, Intl.NumberFormat>();

/** An amount with its currency, such as `$1,299.00`, with the decimals that the API uses: those of Intl differ for some currencies. */
export function formatMoney(amount: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const format = money.get(currency) ?? new Intl.NumberFormat('en', { style: 'currency', currency, ...digits });
  money.set(currency, format);
  return format.format(amount);
}

/** An amount for the axis of a chart, such as `$1.3K`. */
export function formatShortMoney(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  }).format(amount);
}

/** A count: `950`, `1,204`, `12.3K`. */
export const formatCount = (count: number): string => (count < 10_000 ? WHOLE : COMPACT).format(count);

/** `1 order`, `2 orders`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** A rate per second: `0`, `0.4`, `12`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 0.1) return '<0.1';
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}
