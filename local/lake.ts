import { ORDER_EVENTS_HUB } from '../src/shared/event-hubs/hub.ts';
import { CAPTURE_CONTAINER, TABLES_CONTAINER } from '../src/shared/lake/lake-files.ts';
import type { EventHubsServer } from './event-hubs/server.ts';
import { openContainer } from './storage/blob-container.ts';

/** The data lake on this machine: the hub is captured to blob storage, as `infra/modules/event-hubs.bicep` does. */
export interface LocalLake {
  /** The settings by which the apps find it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Stops capturing. Call it before Storage stops. */
  stop(): Promise<void>;
}

/** Shorter than in Azure, so that an event is in the reports within a minute. A window without events writes nothing. */
const WINDOW_MS = 10_000;
/** A run without new files takes two requests to Storage. */
const SCHEDULE = '*/20 * * * * *';

/** Creates the containers of the lake, and starts to capture. */
export async function startLake(eventHubs: Pick<EventHubsServer, 'capture'>, storage: string): Promise<LocalLake> {
  await openContainer(storage, TABLES_CONTAINER).create();
  const capture = await eventHubs.capture({
    hub: ORDER_EVENTS_HUB,
    storage,
    container: CAPTURE_CONTAINER,
    intervalMs: WINDOW_MS,
    sizeLimitBytes: 104_857_600,
    skipEmptyArchives: true,
    nameFormat: '{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}/{PartitionId}',
  });
  return { settings: { LakeConnection: storage, LAKE_SCHEDULE: SCHEDULE }, stop: capture.stop };
}
