import { expect, it } from 'vitest';
import { preferredWaitMs } from '../../../src/queries/reading/prefer-wait.ts';

it.each([
  ['wait=1', 1_000],
  ['respond-async, wait=10; foo=bar', 10_000],
  ['wait="1"', 1_000],
  ['wait = 1', 1_000],
  ['wait=00003', 3_000],
  ['wait=0', 0],
  ['wait=31', 30_000],
  ['wait=99999', 30_000],
  [`wait=${'9'.repeat(40)}`, 30_000],
])('the header "Prefer: %s" makes a request wait for %i ms, of at most 30 s', (prefer, ms) => {
  expect(preferredWaitMs(prefer, 30)).toBe(ms);
});

it.each([null, '', 'respond-async', 'await=1', 'wait=soon', 'wait=-1', 'wait=1.5'])(
  'a request without a usable preference waits for 5 s: %j',
  (prefer) => {
    expect(preferredWaitMs(prefer, 30)).toBe(5_000);
  },
);
