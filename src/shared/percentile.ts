/**
 * Nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed; undefined of no values.
 * @param percent above 0, at most 100
 */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}
