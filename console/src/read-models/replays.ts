import type { components } from 'cqrs-orders-client';
import { formatReadModel } from '../format/ids.ts';

export type Replay = components['schemas']['Replay'];
export type ReplayEstimate = components['schemas']['ReplayEstimate'];
/** A read model, or `all`. */
export type Replayable = ReplayEstimate['readModels'][number]['readModel'];

/** What a replay rebuilds, in words: a read model, or all. */
export const formatReplayed = (readModel: string): string =>
  readModel === 'all' ? 'All read models' : formatReadModel(readModel);

/** The time (ms) that a running replay needs for the rest, at its speed so far; undefined before it has processed anything. */
export function timeLeft({ startedAt, done, total }: Replay, now: number): number | undefined {
  if (done === 0) return undefined;
  return ((now - Date.parse(startedAt)) / done) * Math.max(0, total - done);
}
