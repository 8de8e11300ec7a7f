/** What the read side is designed for (ms): a read model shows a change within this time. */
export const SYNC_LAG_TARGET_MS = 2_000;

/**
 * What was measured: `projected` is the time from an event to its document written, `waiting` the age of the oldest event in the
 * hub that is not in the read model.
 */
export type SyncLagMeasure = 'projected' | 'waiting';
