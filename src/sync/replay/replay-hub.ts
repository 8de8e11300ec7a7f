import type { SyncConfig } from '../../shared/config.ts';
import { type EventPublisher, openEventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import type { Clock } from '../../shared/runtime.ts';
import { openHubReader, readPositions } from '../lag/hub-positions.ts';
import type { PartitionPosition } from '../lag/partition-position.ts';

/** Connections to the hub of replays. */
export interface ReplayHub {
  readonly publisher: EventPublisher;
  /** Reads the positions in the hub. */
  positions(): Promise<readonly PartitionPosition[]>;
  close(): Promise<void>;
}

/** Opens a publisher and a reader. Load this module on demand, because the Storage SDK is slow to load. */
export async function openReplayHub(
  { eventHub, storage }: Pick<SyncConfig, 'eventHub' | 'storage'>,
  warn: (text: string) => void,
  clock: Pick<Clock, 'delay' | 'timer'>,
): Promise<ReplayHub> {
  const reader = openHubReader(eventHub, ORDER_EVENTS_REPLAY_HUB);
  const publisher = openEventPublisher(eventHub, ORDER_EVENTS_REPLAY_HUB, warn, clock);
  return {
    publisher,
    positions: () => readPositions(reader, storage),
    close: async () => {
      await Promise.all([publisher.close(), reader.close()]);
    },
  };
}
