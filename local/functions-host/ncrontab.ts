/**
 * NCRONTAB: `{second} {minute} {hour} {day} {month} {day-of-week}`, with `*`, lists, ranges, steps and English names; five
 * fields start with the minute. Day and day of the week must both fit. Times are UTC.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export interface CronSchedule {
  /** The first time after `from` that fits; undefined when there is none within 8 years (31 February). */
  next(from: Date): Date | undefined;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Leap years are at most 8 years apart. */
const SEARCH_YEARS = 8;

const FIELDS: readonly Field[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 7, names: DAYS },
];

/** @throws {Error} a plain sentence when the expression is no NCRONTAB. */
export function parseCron(expression: string): CronSchedule {
  const texts = expression.trim().split(/\s+/);
  if (texts.length === FIELDS.length - 1) texts.unshift('0');
  if (texts.length !== FIELDS.length) throw new Error(`The schedule '${expression}' must have 5 or 6 fields.`);
  const [seconds, minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    parseField(field, texts[index] ?? ''),
  );
  const fits = (values: ReadonlySet<number> | undefined, value: number) => values?.has(value) ?? false;
  // From the greatest unit to the least: the first that does not fit moves the time on to the unit's next start.
  const units: readonly Unit[] = [
    {
      fits: (date) => fits(months, date.getUTCMonth() + 1),
      advance: (date) => date.setUTCMonth(date.getUTCMonth() + 1, 1) && date.setUTCHours(0, 0, 0),
    },
    {
      fits: (date) => fits(days, date.getUTCDate()) && fits(weekdays, date.getUTCDay()),
      advance: (date) => date.setUTCHours(24, 0, 0),
    },
    { fits: (date) => fits(hours, date.getUTCHours()), advance: (date) => date.setUTCMinutes(60, 0) },
    { fits: (date) => fits(minutes, date.getUTCMinutes()), advance: (date) => date.setUTCSeconds(60) },
    {
      fits: (date) => fits(seconds, date.getUTCSeconds()),
      advance: (date) => date.setUTCSeconds(date.getUTCSeconds() + 1),
    },
  ];
  return { next: (from) => firstFit(from, units) };
}

interface Unit {
  fits(date: Date): boolean;
  advance(date: Date): unknown;
}

function firstFit(from: Date, units: readonly Unit[]): Date | undefined {
  const date = new Date(Math.floor(from.getTime() / 1000) * 1000 + 1000);
  const lastYear = date.getUTCFullYear() + SEARCH_YEARS;
  while (date.getUTCFullYear() <= lastYear) {
    const misfit = units.find((unit) => !unit.fits(date));
    if (misfit === undefined) return date;
    misfit.advance(date);
  }
  return undefined;
}

function parseField(field: Field, text: string): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const { from, to, step } = parsePart(field, part);
    for (let value = from; value <= to; value += step) values.add(field.names === DAYS ? value % 7 : value);
  }
  return values;
}

function parsePart(field: Field, part: string): { readonly from: number; readonly to: number; readonly step: number } {
  const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const [first = '', last] = range === '*' ? [String(field.least), String(field.most)] : range.split('-');
  const from = numberOf(field, first);
  // `5/10` means from 5 in steps of 10 to the end of the field.
  const to = last === undefined ? (step === undefined ? from : field.most) : numberOf(field, last);
  const everyNth = Number(step ?? 1);
  if (from > to || everyNth < 1) throw new Error(`'${part}' is not a valid ${field.name}.`);
  return { from, to, step: everyNth };
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named + (field.names === MONTHS ? 1 : 0) : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.least && value <= field.most) return value;
  throw new Error(`'${text}' is not a valid ${field.name}.`);
}
