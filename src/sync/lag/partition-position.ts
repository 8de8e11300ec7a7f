import type { PartitionProperties } from '@azure/event-hubs';
import type { LiveConsumerGroup } from '../../shared/event-hubs/hub.ts';

/** The range of events in one partition of a hub, and the triggers' progress in it. */
export interface PartitionPosition {
  readonly partition: PartitionProperties;
  /** Sequence number in each consumer group's checkpoint. A group without a checkpoint has processed nothing yet. */
  readonly checkpoints: ReadonlyMap<LiveConsumerGroup, number>;
}

/**
 * Sequence number of the last event that a group has processed in a partition. Without a checkpoint, the group starts at the oldest
 * event in the hub.
 */
export function lastProcessed({ partition, checkpoints }: PartitionPosition, group: LiveConsumerGroup): number {
  return checkpoints.get(group) ?? partition.beginningSequenceNumber - 1;
}
