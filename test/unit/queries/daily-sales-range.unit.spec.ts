import { expect, it } from 'vitest';
import { rangeOf } from '../../../src/queries/sales/get-daily-sales.ts';

const NOW = Date.UTC(2026, 0, 30);

it('daily sales are those of the last 30 days by default', () => {
  expect(rangeOf({}, NOW)).toEqual({ from: '2026-01-01', to: '2026-01-30' });
});

it('a range of daily sales has at most 366 days, and the message states that limit', () => {
  const days = { from: '2024-01-01', to: '2024-12-31' };
  expect(rangeOf(days, NOW)).toEqual(days);
  expect(() => rangeOf({ ...days, from: '2023-12-31' }, NOW)).toThrow(
    'from: must be at most 365 days before 2024-12-31: a range has at most 366 days',
  );
});
