import { CosmosClient } from '@azure/cosmos';
import { DEAD_LETTERS } from '../../../src/shared/read-models/containers.ts';
import { toDeadLetter } from '../../../src/sync/dead-letters/dead-letters.ts';
import type { TestSystem } from '../system/system.ts';

let added = 0;

/** Adds a dead letter, as an older projection would have left it. Resolves to its id. */
export async function addDeadLetter(
  system: TestSystem,
  body: string,
  { readModel = 'order_details', reason = 'an older version could not project it' } = {},
): Promise<string> {
  const client = new CosmosClient(system.azure.cosmosDb.connectionString);
  const poison = { body, reason, partitionId: '0', sequenceNumber: 1_000_000 + added++ };
  const letter = toDeadLetter(readModel, poison, new Date().toISOString());
  await client
    .database('orders')
    .container(DEAD_LETTERS.name)
    .items.create({ ...letter });
  client.dispose();
  return letter.id;
}
