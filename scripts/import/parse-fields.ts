/** An amount of money: `pennies` is cut off towards zero when the amount is finer than a penny (`exact` is false then). */
export interface Amount {
  readonly sign: -1 | 0 | 1;
  readonly pennies: number;
  readonly exact: boolean;
}

/** A whole number such as `6` or `-12`, or undefined. */
export function parseInteger(text: string): number | undefined {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A decimal such as `2.55`, taken digit by digit so that no floating point comes in; undefined when it is none. */
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

/**
 * `2010-12-01T08:26:00` or the original's `12/1/2010 8:26` (month first), as ISO 8601 UTC; undefined when it is none.
 * The data set names no time zone: times are taken as UTC.
 */
export function parseDate(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?Z?$/.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second] = iso;
    return utc([year, month, day], [hour, minute, second]);
  }
  const [, month, day, year, hour, minute] = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(text) ?? [];
  return month === undefined ? undefined : utc([year, month, day], [hour, minute, '0']);
}

type Parts = readonly [string | undefined, string | undefined, string | undefined];

/** A date that the calendar has: `Date` alone would turn 31 November into 1 December. */
function utc([year, month, day]: Parts, [hour, minute, second = '0']: Parts): string | undefined {
  const parts = [Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const date = new Date(Date.UTC(Number(year), ...parts));
  const back = [date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return parts.every((part, index) => part === back[index]) ? date.toISOString() : undefined;
}
