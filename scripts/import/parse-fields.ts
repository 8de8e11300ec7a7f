/** An amount of money. If it has fractions of a penny, `pennies` is truncated towards zero and `exact` is false. */
export interface Amount {
  readonly sign: -1 | 0 | 1;
  readonly pennies: number;
  readonly exact: boolean;
}

/** Parses a whole number such as `6` or `-12`. Returns undefined when it is not one. */
export function parseInteger(text: string): number | undefined {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Parses a decimal such as `2.55` by its digits, without floating point. Returns undefined when it is not one. */
export function parseAmount(text: string): Amount | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, minus, whole = '', decimals = ''] = match;
  const pennies = parseInteger(whole + decimals.slice(0, 2).padEnd(2, '0'));
  if (pennies === undefined) return undefined;
  const exact = !/[1-9]/.test(decimals.slice(2));
  if (pennies === 0 && exact) return { sign: 0, pennies: 0, exact };
  return minus === '-' ? { sign: -1, pennies: -pennies, exact } : { sign: 1, pennies, exact };
}

/** Parses a number of units such as `6` or `-12`, also as pandas writes it: `6.0`. Returns undefined when it is not one. */
export function parseUnits(text: string): number | undefined {
  return parseInteger(text.replace(/\.0$/, ''));
}

/** Parses an invoice number, also as pandas writes it: `536365.0` is 536365. Returns undefined when it is empty. */
export function parseInvoiceNo(text: string): string | undefined {
  return text === '' ? undefined : withoutFraction(text);
}

/** Parses a customer number, also as pandas writes it. It may be empty. Returns undefined when it is not a number. */
export function parseCustomerId(text: string): string | undefined {
  const number = withoutFraction(text);
  return /^\d{0,50}$/.test(number) ? number : undefined;
}

/** Returns undefined when the stock code is empty. */
export function parseStockCode(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** True for a number such as `22423.0`: pandas writes a column of whole numbers so when it once had an empty field. */
export function isWholeFloat(text: string): boolean {
  return /^\d+\.0$/.test(text);
}

/** `17850.0` is `17850`. Every other text remains as it is. */
export function withoutFraction(text: string): string {
  return isWholeFloat(text) ? text.slice(0, -'.0'.length) : text;
}
