import { expect, it } from 'vitest';
import * as z from 'zod';
import { inDigits, wholeNumber } from '../../../src/shared/http/query-parameters.ts';

const parameters = z.object({ count: inDigits(wholeNumber.min(0, 'must be at least 0').default(20)) });

/** What a request with these parameters gets: the number, or the messages of the errors. */
function countOf(query: Readonly<Record<string, string>>): unknown {
  const { data, error } = parameters.safeParse(query);
  return data?.count ?? error?.issues.map(({ message }) => message);
}

it.each([
  ['0', 0],
  ['100', 100],
  ['007', 7],
])('a whole number in the query is read from its digits: %s', (count, number) => {
  expect(countOf({ count })).toBe(number);
});

it.each(['', ' 10', '+5', '1.0', '1e1', '0x10', '0b11', '١', 'ten'])(
  'a number in the query that is not decimal digits is refused: %j',
  (count) => {
    expect(countOf({ count })).toEqual(['must be a whole number']);
  },
);

it('the bounds and the default of a number in the query apply', () => {
  expect(countOf({ count: '-1' })).toEqual(['must be at least 0']);
  expect(countOf({})).toBe(20);
});
