import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../../../scripts/import/parse-date.ts';

/** A date that is the same in both orders. */
const both = (iso: string) => ({ 'month-first': iso, 'day-first': iso });

describe('a date', () => {
  it.each([
    ['2010-12-01T08:26:00', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01 08:26:00.123456', '2010-12-01T08:26:00.123Z'],
    ['2010-12-01', '2010-12-01T00:00:00.000Z'],
    ['2010/12/01 8:26', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00.5z', '2010-12-01T08:26:00.500Z'],
    ['2010-12-01T00:26:00+01:00', '2010-11-30T23:26:00.000Z'],
    ['2010-12-01 08:26:00+00:00', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T20:26:00-0530', '2010-12-02T01:56:00.000Z'],
    ['2010-12-01T08:26+14', '2010-11-30T18:26:00.000Z'],
  ])('with the year first is read in UTC from %j', (text, expected) => {
    expect(parseDate(text)).toEqual(both(expected));
  });

  it.each([
    ['12/1/2010 8:26', '2010-12-01T08:26:00.000Z', '2010-01-12T08:26:00.000Z'],
    ['12/1/2010', '2010-12-01T00:00:00.000Z', '2010-01-12T00:00:00.000Z'],
    ['12/1/2010 12:05:09 AM', '2010-12-01T00:05:09.000Z', '2010-01-12T00:05:09.000Z'],
    ['12/1/2010 1:05 pm', '2010-12-01T13:05:00.000Z', '2010-01-12T13:05:00.000Z'],
    ['13/12/2010 8:26', undefined, '2010-12-13T08:26:00.000Z'],
    ['13.12.2010 08:26', undefined, '2010-12-13T08:26:00.000Z'],
    ['12-13-2010 08:26', '2010-12-13T08:26:00.000Z', undefined],
    ['2/29/2011 8:26', undefined, undefined],
    ['29/2/2012 8:26', undefined, '2012-02-29T08:26:00.000Z'],
  ])('with the year last is read in each order in which it exists from %j', (text, monthFirst, dayFirst) => {
    const exists = monthFirst !== undefined || dayFirst !== undefined;
    expect(parseDate(text)).toEqual(exists ? { 'month-first': monthFirst, 'day-first': dayFirst } : undefined);
  });

  it.each([
    '2010-13-01T08:26:00',
    '2010-12-01T24:00:00',
    '2010-12-01T08:60:00',
    '2011-02-29T08:26:00',
    '2010-12-01T08:26:00+14:01',
    '2010-12-01T08:26:00+01:60',
    '0010-12-01T08:26:00',
    '12/1/0010 8:26',
    '2010-12/01 08:26',
    '12/32/2010 8:26',
    '12/1-2010 8:26',
    '12/1/10 8:26',
    '12/1/2010 13:05 PM',
    '40513.35',
    '',
  ])('cannot be read from %j', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it('is the same instant whatever the zone it is written in', () => {
    const instant = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const pad = (value: number): string => String(value).padStart(2, '0');
        const size = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${pad(Math.trunc(size / 60))}:${pad(size % 60)}`;
        expect(parseDate(local + zone)).toEqual(both(date.toISOString()));
      }),
    );
  });
});
