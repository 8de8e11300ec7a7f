/** A Cosmos DB stand-in on a free port, the real SDK's client of it, and a new container for each test. */
import { randomBytes } from 'node:crypto';
import {
  type Container,
  CosmosClient,
  HTTPMethod,
  type IndexingPolicy,
  ResourceType,
  setAuthorizationTokenHeaderUsingMasterKey,
} from '@azure/cosmos';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type CosmosDbOptions, type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { cosmosDbContainer } from '../support/containers/containers.ts';
import { cosmosDbServerOf } from '../support/containers/cosmos-db-container.ts';

/** Keeps apart the containers of test files that share an emulator. */
const RUN = randomBytes(4).toString('hex');

export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly total?: number;
  readonly note?: string;
}

export interface CosmosFixture {
  server: CosmosDbServer;
  client: CosmosClient;
  /** Partition key /customerId. */
  container: Container;
}

/** Its members are set before each test. The server is the official emulator where TEST_COSMOS_CONNECTION_STRING names it. */
export function useCosmosDb(
  indexingPolicy: IndexingPolicy = {},
  options: Omit<CosmosDbOptions, 'port'> = {},
): Readonly<CosmosFixture> {
  const fixture: Partial<CosmosFixture> = {};
  let containers = 0;
  beforeAll(async () => {
    fixture.server = cosmosDbContainer
      ? cosmosDbServerOf(cosmosDbContainer)
      : await startCosmosDb({ ...options, port: 0 });
    fixture.client = new CosmosClient(fixture.server.connectionString);
  });
  beforeEach(async () => {
    containers += 1;
    const { database } = await current(fixture).client.databases.createIfNotExists({ id: 'orders' });
    const definition = { id: `orders-${RUN}-${containers}`, partitionKey: '/customerId', indexingPolicy };
    fixture.container = (await database.containers.createIfNotExists(definition)).container;
    if (!cosmosDbContainer) current(fixture).server.requests.reset();
  });
  afterEach(async () => {
    if (cosmosDbContainer) await fixture.container?.delete().catch(() => undefined); // a test may have deleted it
  });
  afterAll(async () => {
    fixture.client?.dispose();
    await fixture.server?.close();
  });
  return {
    get server() {
      return current(fixture).server;
    },
    get client() {
      return current(fixture).client;
    },
    get container() {
      const { container } = fixture;
      if (container === undefined) throw new Error('The fixture is for use inside a test.');
      return container;
    },
  };
}

function current({ server, client }: Partial<CosmosFixture>) {
  if (server === undefined || client === undefined) throw new Error('The fixture is for use inside a test.');
  return { server, client };
}

/** The status that a refused call carries: a number from the service, a text from the network. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'none';
}

/** Headers that sign a POST of documents to a container with the key of the account. */
export async function signatureOfPost(
  { connectionString }: CosmosDbServer,
  container: string,
): Promise<Readonly<Record<string, string>>> {
  const [, key = ''] = /AccountKey=([^;]+)/.exec(connectionString) ?? [];
  const headers = {};
  await setAuthorizationTokenHeaderUsingMasterKey(HTTPMethod.post, container, ResourceType.item, headers, key);
  return headers;
}
