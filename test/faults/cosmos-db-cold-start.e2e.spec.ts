import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { openReadDatabase } from '../../src/shared/read-models/open-database.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { runBulk, TransientFault } from '../../src/sync/projector/bulk.ts';

const { name, partitionKey } = ORDER_DETAILS;

let server: CosmosDbServer;
let readDatabase: ReturnType<typeof openReadDatabase>;
beforeAll(async () => {
  server = await startCosmosDb({ port: 0 });
  const client = new CosmosClient(server.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  await database.containers.createIfNotExists({ id: name, partitionKey: { paths: [partitionKey] } });
  client.dispose();

  readDatabase = openReadDatabase({ kind: 'connectionString', connectionString: server.connectionString }, 'orders');
  const recover = server.injectFault({ down: true });
  await expect(readOne()).rejects.toBeInstanceOf(TransientFault);
  recover();
});
afterAll(async () => {
  readDatabase.close();
  await server.close();
});

async function readOne(): Promise<number | undefined> {
  const operation = { operationType: 'Read' as const, id: 'order-1', partitionKey: 'order-1' };
  const [response] = await runBulk(readDatabase.database.container(name), [operation], systemRuntime);
  return response?.statusCode;
}

it('a container can be read once Cosmos DB recovers from an outage at its first use', async () => {
  expect(await readOne()).toBe(404);
});
