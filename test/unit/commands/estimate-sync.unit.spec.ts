import { describe, expect, it } from 'vitest';
import { estimateSyncMs } from '../../../src/commands/pipeline/estimate-sync.ts';
import type { SyncLag } from '../../../src/commands/write-store/write-store.ts';
import { CONSUMER_GROUPS, readModelOfGroup } from '../../../src/shared/event-hubs/hub.ts';

const READ_MODELS = CONSUMER_GROUPS.map(readModelOfGroup);
const projected = (lagMs: number, ageMs = 1_000): readonly SyncLag[] =>
  READ_MODELS.map((readModel) => ({ readModel, measure: 'projected', lagMs, ageMs }));
const of = (readModel: string, change: Partial<SyncLag>): SyncLag => ({
  readModel,
  measure: 'projected',
  lagMs: 100,
  ageMs: 1_000,
  ...change,
});
const without = (readModel: string) => projected(100).filter((report) => report.readModel !== readModel);

describe('the estimate of the time until every read model shows a change', () => {
  it.each<[string, readonly SyncLag[], number]>([
    ['no report, then what the read side is designed for', [], 2_000],
    [
      'a report of each read model, then the slowest one',
      [...without('sales_daily'), of('sales_daily', { lagMs: 340 })],
      340,
    ],
    ['a read model that was never reported, then what it is designed for', without('order_search'), 2_000],
    ['reports of more than two minutes ago, then what it is designed for', projected(100, 120_001), 2_000],
    ['reports that are just fresh, then these', projected(100, 120_000), 100],
    ['one that is slower than it is designed for, then as it is', projected(7_000), 7_000],
    [
      'events that wait in the hub, then their age',
      [...projected(100), of('order_details', { measure: 'waiting', lagMs: 30_000 })],
      30_000,
    ],
    [
      'an old report of events that wait, then nothing of it',
      [...projected(100), of('order_details', { measure: 'waiting', lagMs: 30_000, ageMs: 200_000 })],
      100,
    ],
    [
      'a report of a read model that is no more, then nothing of it',
      [...projected(100), of('gone', { lagMs: 9_000 })],
      100,
    ],
  ])('given %s', (_given, reports, estimate) => {
    expect(estimateSyncMs(reports)).toBe(estimate);
  });
});
