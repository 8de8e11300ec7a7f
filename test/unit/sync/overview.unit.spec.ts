import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../../src/shared/figures/durations.ts';
import type { App, FiguresDocument, Slice } from '../../../src/shared/figures/figures.ts';
import { addUp } from '../../../src/sync/overview/figures-of-apps.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const at = (secondsAgo: number) => NOW - secondsAgo * 1000;

function document(app: App, instance: string, secondsAgo: number, slices: readonly Slice[] = []): FiguresDocument {
  const writtenAt = at(secondsAgo);
  return { id: `${instance}-1`, app, instance, minute: Math.floor(writtenAt / 60_000) * 60_000, writtenAt, slices };
}
const slice = (secondsAgo: number, ms: number): Slice => ({
  at: at(secondsAgo),
  counts: { accepted: 1 },
  durations: { command: { [bucketOf(ms)]: 1 } },
});

describe('the figures of several instances', () => {
  const { history, apps } = addUp(
    [
      document('commands', 'one', 5, [slice(60, 10), slice(20, 10)]),
      document('commands', 'two', 8, [slice(20, 900)]),
      document('commands', 'gone', 300),
      document('queries', 'idle', 200),
    ],
    NOW,
  );

  it('are added up for each ten seconds', () => {
    const point = history.find((one) => one.at === new Date(at(20)).toISOString());
    expect(point?.commands.accepted).toBe(2);
  });

  it('have the percentiles of the commands of all of them', () => {
    const point = history.find((one) => one.at === new Date(at(20)).toISOString());
    expect(point?.commandMs?.p50).toBeLessThan(11);
    expect(point?.commandMs?.p95).toBeGreaterThanOrEqual(900);
  });

  it('cover ten minutes without gaps, up to the last ten seconds that every instance has written', () => {
    expect(history).toHaveLength(60);
    expect(history.at(-1)?.at).toBe(new Date(at(20)).toISOString());
    expect(history[0]?.at).toBe(new Date(at(610)).toISOString());
  });

  it('tell how many instances run, and when the last one was seen', () => {
    expect(apps).toEqual([
      { app: 'commands', instances: 2, lastSeen: new Date(at(5)).toISOString() },
      { app: 'sync', instances: 0 },
      { app: 'queries', instances: 0, lastSeen: new Date(at(200)).toISOString() },
    ]);
  });
});

describe('the outbox', () => {
  it('is what the last instance has reported that looked at it', () => {
    const outbox = { oldestMs: 0, events: 0, held: 0 };
    const { outbox: found } = addUp(
      [
        { ...document('commands', 'one', 40), outbox: { ...outbox, events: 9 } },
        { ...document('commands', 'two', 10), outbox: { ...outbox, events: 4 } },
        document('commands', 'three', 1),
      ],
      NOW,
    );
    expect(found).toEqual({ ...outbox, events: 4, asOf: new Date(at(10)).toISOString() });
  });

  it('is absent when nobody has looked at it', () => {
    expect(addUp([], NOW).outbox).toBeUndefined();
  });
});
