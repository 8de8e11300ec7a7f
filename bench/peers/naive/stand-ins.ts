/** Event Hubs and Cosmos DB for the naive way, in a process of their own. Argument: the latency as JSON. */
import { CosmosClient } from '@azure/cosmos';
import { startCosmosDb } from '../../../local/cosmos-db/server.ts';
import { startEventHubs } from '../../../local/event-hubs/server.ts';
import { delayServices } from '../delayed-services.ts';
import { type Latency, NO_LATENCY } from '../../measuring/cloud-latency.ts';
import { reportReady } from '../peer-process.ts';
import { CONSUMER_GROUP, CONTAINER, DATABASE, HUB } from './names.ts';

const PARTITIONS = 4;

const latency: Latency = process.argv[2] === undefined ? NO_LATENCY : JSON.parse(process.argv[2]);
const eventHubs = await startEventHubs({
  port: 0,
  hubs: [{ name: HUB, partitions: PARTITIONS, consumerGroups: [CONSUMER_GROUP] }],
});
const cosmosDb = await startCosmosDb({ port: 0 });
const client = new CosmosClient(cosmosDb.connectionString);
const { database } = await client.databases.createIfNotExists({ id: DATABASE });
await database.containers.createIfNotExists({ id: CONTAINER, partitionKey: '/id' });
client.dispose();
const hub = await delayServices({ eventHubs, cosmosDb }, latency);
reportReady(JSON.stringify({ eventHubs: hub, cosmosDb: cosmosDb.connectionString }), async () => {
  await eventHubs.close();
  await cosmosDb.close();
});
