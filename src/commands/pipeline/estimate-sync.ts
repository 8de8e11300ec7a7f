import { CONSUMER_GROUPS, readModelOfGroup } from '../../shared/event-hubs/hub.ts';
import { SYNC_LAG_TARGET_MS } from '../../shared/sync-lag.ts';
import type { SyncLag } from '../write-store/write-store.ts';

/** A report that is older than this (ms) says nothing any more. */
const FRESH_MS = 120_000;

/**
 * An estimate of the time (ms) until every read model shows a change that is committed now: what the slowest one needed lately,
 * or the age of what waits for it. Of a read model that nothing fresh is known of, it is what the read side is designed for.
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
