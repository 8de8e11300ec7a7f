/** Upserts placed orders into the read model one by one. Argument: the connection strings as JSON. */
import { CosmosClient } from '@azure/cosmos';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { reportReady } from '../peer-process.ts';
import { CONSUMER_GROUP, CONTAINER, DATABASE, HUB } from './names.ts';

const settings: { readonly eventHubs: string; readonly cosmosDb: string } = JSON.parse(process.argv[2] ?? '{}');
/** The SDK's default is one event at a time, with a pause of 20 ms after each. */
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
reportReady('ready', async () => {
  await subscription.close();
  await consumer.close();
  cosmos.dispose();
});
