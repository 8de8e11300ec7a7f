import type { PartitionProperties } from '@azure/event-hubs';
import type { LiveConsumerGroup } from '../../shared/event-hubs/hub.ts';

/** The range of events in one partition of a hub, and the triggers' progress in it. */
export interface PartitionPosition {
  readonly partition: PartitionProperties;
  /** Sequence number in each consumer group's checkpoint. A group without a checkpoint has processed nothing yet. */
  readonly checkpoints: ReadonlyMap<LiveConsumerGroup, number>;
  /** Sequence numbers in checkpoints of another hub that had the same name: the trigger cannot resume there, or would skip events. */
  readonly strayCheckpoints: ReadonlyMap<LiveConsumerGroup, number>;
  /** When the hub was created. */
  readonly hubCreatedOn: Date;
}

/**
 * Sequence number of the last event that a group has processed in a partition. Without a checkpoint of this hub, the group has processed
 * none of its events.
 */
export function lastProcessed({ partition, checkpoints }: PartitionPosition, group: LiveConsumerGroup): number {
  return checkpoints.get(group) ?? partition.beginningSequenceNumber - 1;
}
