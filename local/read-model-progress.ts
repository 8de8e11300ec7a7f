import { CONSUMER_GROUPS, ORDER_EVENTS_HUB } from '../src/shared/event-hubs/hub.ts';
import type { EventHubsServer } from './event-hubs/server.ts';
import { blobName } from './functions-host/blob-checkpoint-store.ts';
import type { BlobContainer } from './storage/blob-container.ts';

/** The host name of the stand-in for Event Hubs, which is part of the names of the Functions host's blobs. */
const NAMESPACE = 'localhost';

/**
 * Compares the hub with the checkpoints of the Functions host, as GET /admin/lag does, but without an SDK, and without a request to the sync
 * app, which is busy while it starts.
 * @param checkpoints the container of the checkpoints
 * @returns the number of events that the slowest read model does not have
 */
export async function mostBehind(
  eventHubs: Pick<EventHubsServer, 'ranges'>,
  checkpoints: Pick<BlobContainer, 'list'>,
): Promise<number> {
  // Before the hub: a checkpoint of an event that arrived in between would seem to be one of another hub
  const blobs = await checkpoints.list(`${NAMESPACE}/${ORDER_EVENTS_HUB}/`);
  const ranges = eventHubs.ranges(ORDER_EVENTS_HUB);
  const processed = new Map(blobs.map(({ name, metadata }) => [name, Number(metadata.sequencenumber)]));
  const behind = CONSUMER_GROUPS.map((consumerGroup) =>
    ranges.reduce((sum, { partitionId, first, last }) => {
      const hub = { fullyQualifiedNamespace: NAMESPACE, eventHubName: ORDER_EVENTS_HUB };
      const checkpoint = processed.get(blobName({ ...hub, consumerGroup, partitionId }, 'checkpoint')) ?? first - 1;
      const isOfOtherHub = checkpoint > last;
      return sum + last - (isOfOtherHub ? first - 1 : Math.max(checkpoint, first - 1));
    }, 0),
  );
  return Math.max(...behind);
}
