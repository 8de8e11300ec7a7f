import { CosmosClient, ErrorResponse } from '@azure/cosmos';
import { CONTAINERS } from '../src/shared/read-models/containers.ts';
import { containerDefinition } from './container-definition.ts';

/** The database of the read models. */
export const READ_DATABASE = 'orders';

/**
 * Creates the database and the containers of the read models, unless they exist.
 * @param replaced names of containers that are deleted first
 */
export async function createContainers(connectionString: string, replaced: readonly string[] = []): Promise<void> {
  const client = new CosmosClient(connectionString);
  const { database } = await client.databases.createIfNotExists({ id: READ_DATABASE });
  for (const container of CONTAINERS) {
    const { name } = container;
    if (replaced.includes(name)) await database.container(name).delete().catch(ignoreMissing);
    await database.containers.createIfNotExists(containerDefinition(container));
  }
  client.dispose();
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ErrorResponse && error.code === 404)) throw error;
}
