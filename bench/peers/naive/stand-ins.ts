/** Event Hubs and Cosmos DB for the naive way, in a process of their own. Argument: milliseconds that Cosmos DB waits before it answers. */
import { CosmosClient } from '@azure/cosmos';
import { startCosmosDb } from '../../../local/cosmos-db/server.ts';
import { startEventHubs } from '../../../local/event-hubs/server.ts';
import { runsPeer } from '../peer-process.ts';
import { CONSUMER_GROUP, CONTAINER, DATABASE, HUB } from './names.ts';

/** As in the template of the reference documents. */
const PARTITIONS = 4;

const latencyMs = Number(process.argv[2] ?? 0);
const eventHubs = await startEventHubs({
  port: 0,
  hubs: [{ name: HUB, partitions: PARTITIONS, consumerGroups: [CONSUMER_GROUP] }],
});
const cosmosDb = await startCosmosDb({ port: 0 });
const client = new CosmosClient(cosmosDb.connectionString);
const { database } = await client.databases.createIfNotExists({ id: DATABASE });
await database.containers.createIfNotExists({ id: CONTAINER, partitionKey: '/id' });
client.dispose();
if (latencyMs > 0) cosmosDb.injectFault({ latencyMs });
runsPeer(JSON.stringify({ eventHubs: eventHubs.connectionString, cosmosDb: cosmosDb.connectionString }), async () => {
  await eventHubs.close();
  await cosmosDb.close();
});
