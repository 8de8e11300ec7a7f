import { CONSUMER_GROUPS, type LiveConsumerGroup } from '../../../src/shared/event-hubs/hub.ts';
import type { PartitionPosition } from '../../../src/sync/lag/partition-position.ts';
import type { Process } from '../kernel/process.ts';
import { PARTITIONS, type SimulatedHub } from './hub.ts';

const unreachable = () => new Error('The hub or the storage account cannot be reached.');

/** Reads the newest event and the checkpoints of each partition, as the SDK's clients do. */
export function positionsOf(hub: SimulatedHub, process: Process): Promise<readonly PartitionPosition[]> {
  return process.call({
    step: 'hub positions',
    effect: () => PARTITIONS.map((partition) => positionOf(hub, partition)),
    refusals: { 'storage unavailable': unreachable },
    lost: unreachable,
  });
}

function positionOf(hub: SimulatedHub, partitionId: string): PartitionPosition {
  if (hub.isAway) throw unreachable();
  const last = hub.after(partitionId, -1).at(-1);
  const checkpoints = CONSUMER_GROUPS.flatMap((group): readonly (readonly [LiveConsumerGroup, number])[] => {
    const checkpoint = hub.checkpoints.get(`${group}/${partitionId}`);
    return checkpoint === undefined ? [] : [[group, checkpoint]];
  });
  const partition = {
    eventHubName: hub.name,
    partitionId,
    beginningSequenceNumber: 0,
    lastEnqueuedSequenceNumber: hub.last(partitionId),
    lastEnqueuedOffset: String(hub.last(partitionId)),
    lastEnqueuedOnUtc: last?.enqueuedAt ?? new Date(0),
    isEmpty: last === undefined,
  };
  return { partition, checkpoints: new Map(checkpoints), strayCheckpoints: new Map(), hubCreatedOn: new Date(0) };
}
