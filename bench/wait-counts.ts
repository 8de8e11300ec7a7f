import { CosmosClient } from '@azure/cosmos';
import { startCosmosDb } from '../local/cosmos-db/server.ts';
import { orderReader } from '../src/queries/orders/order-reader.ts';
import { waitUntil } from '../src/queries/reading/wait-until.ts';
import { ORDER_DETAILS } from '../src/shared/read-models/containers.ts';
import { instantTime } from '../test/support/simulated-runtime.ts';

interface WaitCounts {
  /** HTTP requests to Cosmos DB. */
  readonly requests: number;
  /** Estimated by the stand-in. */
  readonly requestUnits: number;
}

/**
 * Measures the maximum cost of a request while it waits for a version that does not arrive, without the reads before and after.
 * @param waitMs how long it waits, on a simulated clock
 */
export async function countWait(waitMs: number): Promise<WaitCounts> {
  const cosmosDb = await startCosmosDb({ port: 0 });
  const client = new CosmosClient(cosmosDb.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  const { name: id, partitionKey } = ORDER_DETAILS;
  await database.containers.createIfNotExists({ id, partitionKey: { paths: [partitionKey] } });
  const time = instantTime();
  const reader = orderReader({ database }, 'order-1', {
    userId: 'a',
    roles: new Set(['admin']),
    customerId: undefined,
  });
  cosmosDb.requests.reset();
  // The shortest pauses that the jitter allows.
  const runtime = { ...time, random: () => 0 };
  await waitUntil(() => reader.hasVersion(2), Boolean, time.monotonicMs() + waitMs, runtime);
  const { requests } = cosmosDb;
  const counts = { requests: requests.count(), requestUnits: requests.requestCharge() };
  client.dispose();
  await cosmosDb.close();
  return counts;
}
