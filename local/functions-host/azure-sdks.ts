/** The SDKs as CommonJS, which the apps of `npm start` require too: the process loads each of them once. */
import { createRequire } from 'node:module';

type EventHubs = typeof import('@azure/event-hubs');
type CheckpointStores = typeof import('@azure/eventhubs-checkpointstore-blob');
type Storage = typeof import('@azure/storage-blob');

const require = createRequire(import.meta.url);
const eventHubs: EventHubs = require('@azure/event-hubs');
const checkpointStores: CheckpointStores = require('@azure/eventhubs-checkpointstore-blob');
const storage: Storage = require('@azure/storage-blob');

export const { EventHubConsumerClient, earliestEventPosition, latestEventPosition, parseEventHubConnectionString } =
  eventHubs;
export const { BlobCheckpointStore } = checkpointStores;
export const { BlobServiceClient, RestError } = storage;
