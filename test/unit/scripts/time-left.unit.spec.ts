import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { progressBar } from '../../../scripts/cli/progress-bar.ts';
import { formatTimeLeft } from '../../../scripts/cli/time-left.ts';

it.each([
  [0, '0 s left'],
  [59, '59 s left'],
  [60, '1 min 0 s left'],
  [65, '1 min 5 s left'],
  [3599, '59 min 59 s left'],
  [3600, '1 h 0 min left'],
  [7800, '2 h 10 min left'],
  [Number.POSITIVE_INFINITY, 'time left unknown'],
])('formats %s seconds as "%s"', (seconds, expected) => {
  expect(formatTimeLeft(seconds)).toBe(expected);
});

it('is part of the progress bar on a terminal, which does not know the time before the first step', () => {
  const stream = new PassThrough();
  const bar = progressBar(Object.assign(stream, { isTTY: true }));
  bar.start(10, 0, { phase: 'Orders' });
  bar.stop();
  expect(String(stream.read())).toMatch(/Orders .* 0\/10, time left unknown/);
});
