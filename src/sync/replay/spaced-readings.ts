import type { Clock } from '../../shared/runtime.ts';
import type { PartitionPosition } from '../lag/partition-position.ts';

/**
 * Time (ms) per request for the properties of a hub or a partition. Event Hubs answers 50 of them per second; a replay uses half of that
 * (source: "GetRuntimeInformation" in https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas).
 */
const MS_PER_REQUEST = 40;

/** Reads the positions in a hub as often as Event Hubs permits, whoever asks. */
export interface SpacedReadings {
  /** Whether a reading would start immediately. */
  isDue(): boolean;
  /** Reads the positions as soon as a reading is due. Rejects with its error. */
  read(positions: () => Promise<readonly PartitionPosition[]>): Promise<readonly PartitionPosition[]>;
}

/** A reading takes one request for the hub and one for each partition; the next one is due when as many are permitted again. */
export function spacedReadings({ monotonicMs, delay }: Pick<Clock, 'monotonicMs' | 'delay'>): SpacedReadings {
  let dueAt = 0;
  return {
    isDue: () => monotonicMs() >= dueAt,
    read: async (positions) => {
      if (monotonicMs() < dueAt) await delay(dueAt - monotonicMs());
      const read = await positions();
      dueAt = monotonicMs() + (1 + read.length) * MS_PER_REQUEST;
      return read;
    },
  };
}
