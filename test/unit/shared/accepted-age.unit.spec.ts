import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { acceptedAgeMs, dataAge } from '../../../src/shared/http/accepted-age.ts';

const acceptedBy = (headers: Record<string, string>) =>
  acceptedAgeMs(new HttpRequest({ url: 'http://localhost/api', method: 'GET', headers }));

describe('the age that a request accepts', () => {
  it.each([
    ['max-age=5', 5_000],
    ['Max-Age=5', 5_000],
    ['max-age="5"', 5_000],
    ['no-transform, max-age=60', 60_000],
    ['max-age=61', 60_000],
    ['max-age=99999999999999999999', 60_000],
    ['max-age=9, max-age=3', 3_000],
    ['max-age=0', 0],
    ['no-cache', 0],
    ['no-cache, max-age=5', 0],
  ])('is at most a minute: Cache-Control: %s', (value, ms) => {
    expect(acceptedBy({ 'cache-control': value })).toBe(ms);
  });

  it.each(['', 'max-age', 'max-age=', 'max-age=-1', 'max-age=1.5', 'max-age=soon', 'max-stale=5', 'x-max-age=5'])(
    'is not said by Cache-Control: %s',
    (value) => {
      expect(acceptedBy({ 'cache-control': value })).toBeUndefined();
    },
  );

  it('is not said without the header', () => {
    expect(acceptedBy({})).toBeUndefined();
  });
});

it.each([
  [0, '0'],
  [1, '1'],
  [1_000, '1'],
  [1_001, '2'],
])('x-data-age of %i ms is %s seconds', (ms, seconds) => {
  expect(dataAge(ms)).toEqual({ 'x-data-age': seconds });
});
