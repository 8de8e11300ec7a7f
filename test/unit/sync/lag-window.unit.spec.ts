import { describe, expect, it } from 'vitest';
import { LagWindow } from '../../../src/sync/lag/lag-window.ts';

describe('the lag that is reported', () => {
  it('comes with the first batch, then every ten seconds', () => {
    const window = new LagWindow();
    const reports = [0, 5_000, 9_999, 10_000, 12_000, 20_000].map((now) => window.add([now / 1_000], now));
    expect(reports).toEqual([0, undefined, undefined, 10, undefined, 20]);
  });

  it('is the 95th percentile of what was projected since the last report', () => {
    const window = new LagWindow();
    window.add([60_000], 0);
    window.add(
      Array.from({ length: 50 }, (_, index) => index + 1),
      1,
    );
    const rest = Array.from({ length: 50 }, (_, index) => index + 51);
    expect(window.add(rest, 10_000)).toBe(95);
  });

  it('waits for a batch that has projected something', () => {
    expect(new LagWindow().add([], 0)).toBeUndefined();
  });
});
