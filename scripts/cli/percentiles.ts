/**
 * Nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed; undefined of no values.
 * `percent` is in (0, 100].
 */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

/** `p50 4.2 ms, p95 11 ms, p99 30 ms` of durations in milliseconds, or `no data`. */
export function formatPercentiles(milliseconds: readonly number[]): string {
  if (milliseconds.length === 0) return 'no data';
  return [50, 95, 99].map((percent) => `p${percent} ${format(percentile(milliseconds, percent) ?? 0)} ms`).join(', ');
}

function format(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds).toLocaleString('en-GB');
}
