import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { fromTime, toTime } from '../../../src/queries/reading/date-range.ts';
import { utcDay, utcTime } from '../../../src/shared/http/times.ts';

/** What a request gets: the value, or the messages of the errors. */
function read(schema: z.ZodType, text: string): unknown {
  const { success, data, error } = schema.safeParse(text);
  return success ? data : error.issues.map(({ message }) => message);
}

const OTHER_YEARS = ['must be in the years 0001 to 9999, in UTC'];

describe('a time in a request', () => {
  it.each([
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:59:59-00:01', '0001-01-01T00:00:59.000Z'],
    ['9999-12-31T23:59:59.9999Z', '9999-12-31T23:59:59.999Z'],
    ['2026-01-31T10:30:00+02:00', '2026-01-31T08:30:00.000Z'],
  ])('%s is %s in UTC', (text, utc) => {
    for (const schema of [utcTime, fromTime, toTime]) expect(read(schema, text)).toBe(utc);
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-00:01',
    '9999-12-31T23:59:59-23:59',
  ])('is refused when its year in UTC cannot be stored: %s', (text) => {
    for (const schema of [utcTime, fromTime, toTime]) expect(read(schema, text)).toEqual(OTHER_YEARS);
  });
});

describe('a day in a request', () => {
  it.each(['0001-01-01', '9999-12-31'])('may be %s', (day) => {
    expect(read(utcDay, day)).toBe(day);
    expect(read(fromTime, day)).toBe(`${day}T00:00:00.000Z`);
    expect(read(toTime, day)).toBe(`${day}T23:59:59.999Z`);
  });

  it('is refused in the year 0, which cannot be stored', () => {
    for (const schema of [utcDay, fromTime, toTime]) expect(read(schema, '0000-01-01')).toEqual(OTHER_YEARS);
  });

  it.each(['2026-02-30', 'today', ''])('is refused with an example: %j', (text) => {
    expect(read(utcDay, text)).toEqual(['must be a day such as 2026-01-31']);
    expect(read(toTime, text)).toEqual(['must be a day such as 2026-01-31, or an ISO 8601 time']);
  });
});
