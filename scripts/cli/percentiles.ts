import { percentile } from '../../src/shared/percentile.ts';

/** `p50 4.2 ms, p95 11 ms, p99 30 ms` of durations in milliseconds, or `no data`. */
export function formatPercentiles(milliseconds: readonly number[]): string {
  if (milliseconds.length === 0) return 'no data';
  return [50, 95, 99].map((percent) => `p${percent} ${format(percentile(milliseconds, percent) ?? 0)} ms`).join(', ');
}

function format(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toLocaleString('en-GB');
}
