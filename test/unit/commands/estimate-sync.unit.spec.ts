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

describe('estimateSyncMs', () => {
  it.each<[string, readonly SyncLag[], number]>([
    ['the target lag when there is no report', [], 2_000],
    ['the lag of the slowest read model', [...without('sales_daily'), of('sales_daily', { lagMs: 340 })], 340],
    ['the target lag when a read model was never reported', without('order_search'), 2_000],
    ['the target lag when the reports are more than two minutes old', projected(100, 120_001), 2_000],
    ['the reported lag when the reports are exactly two minutes old', projected(100, 120_000), 100],
    ['the reported lag even when it exceeds the target', projected(7_000), 7_000],
    [
      'the age of the events that wait in the hub when it exceeds the projected lag',
      [...projected(100), of('order_details', { measure: 'waiting', lagMs: 30_000 })],
      30_000,
    ],
    [
      'the projected lag when the report of waiting events is too old',
      [...projected(100), of('order_details', { measure: 'waiting', lagMs: 30_000, ageMs: 200_000 })],
      100,
    ],
    [
      'the projected lag, without a read model that no longer exists',
      [...projected(100), of('gone', { lagMs: 9_000 })],
      100,
    ],
  ])('returns %s', (_title, reports, estimate) => {
    expect(estimateSyncMs(reports)).toBe(estimate);
  });
});
