import { describe, expect, it } from 'vitest';
import { isLive } from '../../../src/sync/lag/live-events.ts';
import { liveLag } from '../../../src/sync/lag/record-lag-timer.ts';

const STARTED_AT = Date.parse('2026-01-31T12:00:00Z');

/** An event whose times are in seconds after the start. */
const event = (recorded: number, enqueued: number) => ({
  timestamp: new Date(STARTED_AT + recorded * 1_000).toISOString(),
  enqueuedAt: new Date(STARTED_AT + enqueued * 1_000),
});

describe('a live event', () => {
  it.each([
    ['an event that was published at once', event(10, 10.05), true],
    ['an event that the outbox relay published 59 seconds later', event(10, 69), true],
    ['an event that was published again for a rebuild', event(-3_600, 10), false],
    ['an event that was published a minute after its command', event(10, 70), false],
    ['an event that waited in the hub since before the start', event(-0.05, -0.001), false],
    ['an event of a machine whose clock is ahead', event(11, 10), true],
  ])('is decided for %s', (_, times, expected) => {
    expect(isLive(times, STARTED_AT)).toBe(expected);
  });
});

describe('the lag that a new event can expect', () => {
  it.each([
    ['the age of the oldest live event that waits', event(10, 10.05), 1_500],
    ['0 while the events of a rebuild wait', event(-3_600, 10), 0],
    ['0 while events from before the start wait', event(-70, -67), 0],
    ['0 when nothing waits', undefined, 0],
  ])('is %s', (_, oldest, expected) => {
    expect(liveLag({ lagMs: 1_500, oldest }, STARTED_AT)).toBe(expected);
  });
});
