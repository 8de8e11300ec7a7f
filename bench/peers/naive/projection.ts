/** Writes each placed order into the read model, one after the other. Argument: the connection strings as JSON. */
import { CosmosClient } from '@azure/cosmos';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { runsPeer } from '../peer-process.ts';
import { CONSUMER_GROUP, CONTAINER, DATABASE, HUB } from './names.ts';

const settings: { readonly eventHubs: string; readonly cosmosDb: string } = JSON.parse(process.argv[2] ?? '{}');
/** By default, the SDK hands out one event at a time and then pauses for 20 ms. */
const MAX_BATCH_SIZE = 100;

const cosmos = new CosmosClient(settings.cosmosDb);
const container = cosmos.database(DATABASE).container(CONTAINER);
const consumer = new EventHubConsumerClient(CONSUMER_GROUP, settings.eventHubs, HUB);
const subscription = consumer.subscribe(
  {
    processEvents: async (events) => {
      for (const { body } of events) {
        const { data, timestamp } = body;
        await container.items.upsert({ id: data.orderId, ...data, status: 'pending', placedAt: timestamp });
      }
    },
    processError: async (error) => console.error(error),
  },
  { maxBatchSize: MAX_BATCH_SIZE, startPosition: earliestEventPosition },
);
runsPeer('ready', async () => {
  await subscription.close();
  await consumer.close();
  cosmos.dispose();
});
