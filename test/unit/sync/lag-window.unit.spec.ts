import { describe, expect, it } from 'vitest';
import { LagWindow } from '../../../src/sync/lag/lag-window.ts';

describe('LagWindow', () => {
  it('reports with the first batch, then every ten seconds', () => {
    const window = new LagWindow();
    const reports = [0, 5_000, 9_999, 10_000, 12_000, 20_000].map((now) => window.add([now / 1_000], now));
    expect(reports).toEqual([0, undefined, undefined, 10, undefined, 20]);
  });

  it('reports the 95th percentile of the lags since the last report', () => {
    const window = new LagWindow();
    window.add([60_000], 0);
    window.add(
      Array.from({ length: 50 }, (_, index) => index + 1),
      1,
    );
    const rest = Array.from({ length: 50 }, (_, index) => index + 51);
    expect(window.add(rest, 10_000)).toBe(95);
  });

  it('does not report for a batch that projected nothing', () => {
    expect(new LagWindow().add([], 0)).toBeUndefined();
  });
});
