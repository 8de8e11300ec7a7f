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

/**
 * Converts `2010-12-01T08:26:00` or the original format `12/1/2010 8:26` (month first) to ISO 8601 UTC. Returns undefined when it is
 * neither. The data set has no time zone, so times are read as UTC.
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

/** Rejects dates that do not exist. `Date` alone would turn 31 November into 1 December. */
function utc([year, month, day]: Parts, [hour, minute, second = '0']: Parts): string | undefined {
  const parts = [Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const date = new Date(Date.UTC(Number(year), ...parts));
  const back = [date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return parts.every((part, index) => part === back[index]) ? date.toISOString() : undefined;
}
