import { withinLimit } from '../deadline.ts';
import type { Clock } from '../runtime.ts';

/**
 * Settles as the work does, or rejects when the hub has not replied in time: its SDK can wait forever for a reply when the connection is
 * lost.
 * @param limitMs milliseconds from now
 */
export const withinHubLimit = <Result>(
  limitMs: number,
  timer: Clock['timer'],
  work: () => Promise<Result>,
): Promise<Result> =>
  withinLimit(limitMs, timer, work, () => new Error(`The hub has not replied within ${limitMs / 1_000} s.`));
