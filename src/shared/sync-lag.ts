/** Design target (ms): a read model shows a change within this time. */
export const SYNC_LAG_TARGET_MS = 2_000;

/**
 * What was measured: `projected` is the time from an event to the write of its document. `waiting` is the age of the oldest event
 * in the hub that is not yet in the read model.
 */
export type SyncLagMeasure = 'projected' | 'waiting';
