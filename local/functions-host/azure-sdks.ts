/** The SDK as CommonJS, which the apps of `npm start` require too: the process loads it once. */
import { createRequire } from 'node:module';

const eventHubs: typeof import('@azure/event-hubs') = createRequire(import.meta.url)('@azure/event-hubs');

export const { EventHubConsumerClient, earliestEventPosition, latestEventPosition, parseEventHubConnectionString } =
  eventHubs;
