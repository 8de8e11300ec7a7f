/** The services of a whole system on the official containers, each with a database of its own. */
import { randomBytes } from 'node:crypto';
import { CosmosClient } from '@azure/cosmos';
import { containerDefinition } from '../../../local/container-definition.ts';
import { CONTAINERS } from '../../../src/shared/read-models/containers.ts';
import { sqlServer, sqlServerFixture } from '../../contract/sql-server-fixture.ts';
import { cosmosDbContainer, eventHubsContainer, storageContainer } from './containers.ts';

export interface SystemContainers {
  /** Settings that take the place of the stand-ins'. Empty where the environment names no container. */
  readonly settings: Readonly<Record<string, string>>;
  /** Removes the databases. */
  remove(): Promise<void>;
}

/** Makes the databases of a system on the containers that the environment names. */
export async function openSystemContainers(): Promise<SystemContainers> {
  const [sql, cosmosDb] = await Promise.all([
    sqlServer ? sqlServerFixture(sqlServer) : undefined,
    cosmosDbContainer ? createDatabase(cosmosDbContainer) : undefined,
  ]);
  return {
    settings: {
      ...(sql && {
        SQL_CONNECTION_STRING: sql.connectionString(),
        SQL_REPLICA_CONNECTION_STRING: `${sql.connectionString()};ApplicationIntent=ReadOnly`,
      }),
      ...cosmosDb?.settings,
      ...(eventHubsContainer && { EventHubConnection: eventHubsContainer }),
      ...(storageContainer && { AzureWebJobsStorage: storageContainer }),
    },
    remove: async () => {
      await sql?.remove();
      await cosmosDb?.remove();
    },
  };
}

async function createDatabase(connectionString: string): Promise<SystemContainers> {
  const client = new CosmosClient(connectionString);
  const id = `orders-${randomBytes(4).toString('hex')}`;
  const { database } = await client.databases.create({ id });
  for (const container of CONTAINERS) {
    await database.containers.create(containerDefinition(container));
  }
  return {
    settings: { CosmosConnection: connectionString, COSMOS_DATABASE: id },
    remove: async () => {
      await database.delete();
      client.dispose();
    },
  };
}
