import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs';

/** An ownership that this process has written. */
interface Written {
  readonly ownership: PartitionOwnership;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Wraps a store so that an ownership is renewed only when it is older than `renewAfterMs`. The SDK renews each of its partitions
 * in every load balancing cycle, which costs one request per partition and cycle. An ownership that another process has
 * claimed has another ETag, so its claim is always passed to the store.
 */
export function renewOwnershipAfter(renewAfterMs: number, store: CheckpointStore): CheckpointStore {
  const written = new Map<string, Written>();
  const isFresh = (request: PartitionOwnership): boolean => {
    const last = written.get(request.partitionId);
    if (last === undefined || Date.now() - last.at >= renewAfterMs) return false;
    return last.ownership.etag === request.etag && last.ownership.ownerId === request.ownerId;
  };
  return {
    listOwnership: (...list) => store.listOwnership(...list),
    listCheckpoints: (...list) => store.listCheckpoints(...list),
    updateCheckpoint: (...update) => store.updateCheckpoint(...update),
    claimOwnership: async (requests, options) => {
      const at = Date.now();
      const due = requests.filter((request) => !isFresh(request));
      const claimed = due.length === 0 ? [] : await store.claimOwnership(due, options);
      for (const ownership of claimed) written.set(ownership.partitionId, { ownership: { ...ownership }, at });
      return [...requests.filter((request) => !due.includes(request)), ...claimed];
    },
  };
}
