import type { Checkpoint, CheckpointStore } from '@azure/event-hubs';

/**
 * Wraps a store so that the checkpoints are listed once per pass of load balancing. The SDK starts a pass by listing the ownership. It
 * then claims one partition after the other, and lists the checkpoints of all partitions each time. They are listed again after a
 * partition was taken from another owner, which may have written a checkpoint meanwhile.
 */
export function listCheckpointsOncePerPass(store: CheckpointStore): CheckpointStore {
  let checkpoints: Promise<Checkpoint[]> | undefined;
  let owned: ReadonlySet<string> = new Set();
  return {
    updateCheckpoint: (...update) => store.updateCheckpoint(...update),
    listOwnership: async (...list) => {
      checkpoints = undefined;
      const ownerships = await store.listOwnership(...list);
      // The SDK releases a partition by removing the owner.
      owned = new Set(ownerships.filter(({ ownerId }) => ownerId !== '').map(({ partitionId }) => partitionId));
      return ownerships;
    },
    claimOwnership: (requests, options) => {
      if (requests.some(({ partitionId }) => owned.has(partitionId))) checkpoints = undefined;
      return store.claimOwnership(requests, options);
    },
    listCheckpoints: async (...list) => {
      const listing = checkpoints ?? store.listCheckpoints(...list);
      checkpoints = listing;
      try {
        return await listing;
      } catch (error) {
        checkpoints = undefined;
        throw error;
      }
    },
  };
}
