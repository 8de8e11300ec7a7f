import { percentile } from '../percentile.ts';

/** Counts of durations by the bucket of their length. Buckets of several instances can be added up, percentiles cannot. */
export type Durations = Readonly<Record<string, number>>;

/** Buckets per doubling: a percentile is at most 9 % above the true value. */
const PER_DOUBLING = 8;

/** The bucket of a duration in milliseconds. The first one, 0, is up to 1 ms. */
export const bucketOf = (ms: number): number => Math.ceil(Math.log2(Math.max(ms, 1)) * PER_DOUBLING);

/** Adds up counts, name by name. */
export function addCounts(
  parts: readonly Readonly<Record<string, number | undefined>>[],
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, count = 0] of parts.flatMap((part) => Object.entries(part))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** The median and the 95th percentile in milliseconds; undefined when nothing was measured. */
export function percentilesOf(durations: Durations): { readonly p50: number; readonly p95: number } | undefined {
  const values = Object.entries(durations).flatMap(([bucket, count]) =>
    Array.from({ length: count }, () => upperBoundOf(Number(bucket))),
  );
  const p50 = percentile(values, 50);
  const p95 = percentile(values, 95);
  return p50 === undefined || p95 === undefined ? undefined : { p50, p95 };
}

/** The longest duration (ms) of a bucket, in tenths. */
const upperBoundOf = (bucket: number): number => Math.round(2 ** (bucket / PER_DOUBLING) * 10) / 10;
