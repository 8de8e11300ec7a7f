import { expect, it } from 'vitest';
import { invalid } from '../../../src/shared/http/validate.ts';

const errors = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `items.${index}`, message: 'must be a number' }));

it.each([
  [1, 'items.0: must be a number'],
  [20, 'items.0: must be a number (and 19 more, see errors)'],
  [21, 'items.0: must be a number (and 20 more, the first 20 are in errors)'],
])('the detail of a problem with %i errors says where the others are', (count, detail) => {
  const problem = invalid(errors(count));
  expect(problem.message).toBe(detail);
  expect(problem.errors).toHaveLength(Math.min(count, 20));
});
