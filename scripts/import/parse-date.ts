/** How to read a date such as `12/1/2010`: as 1 December or as 12 January. */
export type DateOrder = 'month-first' | 'day-first';

/** A date as ISO 8601 UTC in each order. Undefined where the order gives no date that exists. At least one is defined. */
export type ParsedDate = Readonly<Record<DateOrder, string | undefined>>;

/** `T` or a space, then a time with up to nanoseconds, as pandas writes it, and an optional zone. */
const TIME = /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?/.source;
const ISO = new RegExp(`^(\\d{4})([-/])(\\d{2})\\2(\\d{2})(?:[T ]${TIME} ?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})(?: ${TIME}(?: ?([AP]M))?)?$`, 'i');

/**
 * Parses ISO dates such as `2010-12-01T08:26:00+01:00`, those of pandas (`2010-12-01 08:26:00`), and dates with the year last such
 * as `12/1/2010 8:26`, which may have either order. A date without a zone is read as UTC, because the data set has none; one
 * without a time is midnight. Returns undefined when the text is none of these, or a date that does not exist.
 */
export function parseDate(text: string): ParsedDate | undefined {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, , month, day, hour, minute, second, fraction, zone] = iso;
    const date = utc([year, month, day], { hour, minute, second, fraction }, zoneMinutes(zone));
    return date === undefined ? undefined : { 'month-first': date, 'day-first': date };
  }
  const [, first, , second, year, hour, minute, seconds, fraction, half] = YEAR_LAST.exec(text) ?? [];
  if (first === undefined) return undefined;
  const time = { hour: hourOf(hour, half), minute, second: seconds, fraction };
  const parsed = { 'month-first': utc([year, first, second], time), 'day-first': utc([year, second, first], time) };
  return parsed['month-first'] === undefined && parsed['day-first'] === undefined ? undefined : parsed;
}

interface Time {
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
}

/** Rejects dates that do not exist. `Date` alone would turn 31 November into 1 December, and the year 0010 into 1910. */
function utc(
  [year, month, day]: readonly [string | undefined, string | undefined, string | undefined],
  { hour = '0', minute = '0', second = '0', fraction = '' }: Time,
  offsetMinutes: number | undefined = 0,
): string | undefined {
  const days = [Number(year), Number(month) - 1, Number(day)] as const;
  const times = [Number(hour), Number(minute), Number(second)] as const;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const date = new Date(Date.UTC(...days, ...times, milliseconds));
  const daysBack = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const timesBack = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const back = [...daysBack, ...timesBack];
  if (![...days, ...times].every((part, index) => part === back[index]) || Number.isNaN(offsetMinutes))
    return undefined;
  return new Date(date.getTime() - offsetMinutes * 60_000).toISOString();
}

/** Minutes east of UTC of a zone such as `+01:00`, `-0530` or `Z`; NaN when there is no such offset. */
function zoneMinutes(zone: string | undefined): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  const offset = Number(hours) * 60 + Number(minutes);
  // The widest offset in use is UTC+14.
  if (offset > 14 * 60 || Number(minutes) > 59) return Number.NaN;
  return sign === '-' ? -offset : offset;
}

/** Converts an hour of the 12-hour clock. The result of an hour that does not exist there does not exist either. */
function hourOf(hour: string | undefined, half: string | undefined): string | undefined {
  if (half === undefined) return hour;
  if (Number(hour) < 1 || Number(hour) > 12) return '24';
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}
