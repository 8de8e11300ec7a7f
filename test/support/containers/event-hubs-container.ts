/** The Event Hubs emulator in the place of the stand-in. */
import { EventHubConsumerClient, type EventPosition } from '@azure/event-hubs';
import type { EventHubsServer } from '../../../local/event-hubs/server.ts';
import { needsStandIn } from './containers.ts';

/** Its hubs that tests use, by their number of partitions: the emulator makes none at run time. */
const HUBS: Readonly<Record<number, string>> = { 1: 'orders-1', 4: 'orders' };

/** A hub of the emulator that goes on after the test; what it holds from others is before {@link start}. */
export interface EventHubContainer extends EventHubsServer {
  readonly hub: string;
  /** By partition: where this test begins to read. */
  readonly start: Readonly<Record<string, EventPosition>>;
}

/** Skips the test when the emulator has no hub with so many partitions. */
export async function eventHubContainer(connectionString: string, partitions: number): Promise<EventHubContainer> {
  const hub = HUBS[partitions] ?? needsStandIn(`hub with ${partitions} partitions`);
  return {
    hub,
    start: await positions(connectionString, hub),
    connectionString,
    port: Number(/:(\d+)/.exec(connectionString)?.[1] ?? 5672),
    events: () => needsStandIn('look into a hub'),
    ranges: () => needsStandIn('look into a hub'),
    dropConnections: () => needsStandIn('dropped connection'),
    setAvailable: () => needsStandIn('outage'),
    capture: () => needsStandIn('capture'),
    close: async () => undefined,
  };
}

async function positions(connectionString: string, hub: string): Promise<EventHubContainer['start']> {
  const client = new EventHubConsumerClient('$Default', connectionString, hub);
  try {
    const ids = await client.getPartitionIds();
    const properties = await Promise.all(ids.map((id) => client.getPartitionProperties(id)));
    return Object.fromEntries(
      properties.map(({ partitionId, lastEnqueuedSequenceNumber }) => [
        partitionId,
        { sequenceNumber: lastEnqueuedSequenceNumber },
      ]),
    );
  } finally {
    await client.close();
  }
}
