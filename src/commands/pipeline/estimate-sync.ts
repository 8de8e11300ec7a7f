import { CONSUMER_GROUPS, readModelOfGroup } from '../../shared/event-hubs/hub.ts';
import { SYNC_LAG_TARGET_MS } from '../../shared/sync-lag.ts';
import type { SyncLag } from '../write-store/write-store.ts';

/** Reports older than this (ms) are ignored. */
const FRESH_MS = 120_000;

/**
 * Estimates the time (ms) until every read model shows a change that is committed now: the largest recent projection lag, or the
 * age of the oldest waiting event if that is larger. A read model without a recent report counts with the design target.
 */
export function estimateSyncMs(reports: readonly SyncLag[]): number {
  const fresh = reports.filter(({ ageMs }) => ageMs <= FRESH_MS);
  const projected = CONSUMER_GROUPS.map((group) => {
    const report = fresh.find(
      ({ readModel, measure }) => measure === 'projected' && readModel === readModelOfGroup(group),
    );
    return report?.lagMs ?? SYNC_LAG_TARGET_MS;
  });
  const waiting = fresh.flatMap(({ measure, lagMs }) => (measure === 'waiting' ? lagMs : []));
  return Math.max(...projected, ...waiting);
}
