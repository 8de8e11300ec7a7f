import { CosmosClient, type Database, type IndexingPolicy } from '@azure/cosmos';
import * as z from 'zod';
import { containerDefinition } from '../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../local/cosmos-db/server.ts';
import { READ_DATABASE } from '../local/read-database.ts';
import type { OutboxEvent } from '../src/commands/write-store/outbox.ts';
import { SqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { decodeEvent } from '../src/shared/events/decode.ts';
import type { EventEnvelope } from '../src/shared/events/envelope.ts';
import { CONTAINERS, DEAD_LETTERS } from '../src/shared/read-models/containers.ts';
import { openReadDatabase } from '../src/shared/read-models/open-database.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import { cosmosDeadLetters } from '../src/sync/dead-letters/dead-letters.ts';
import type { Projection } from '../src/sync/projections/projection.ts';
import { PROJECTIONS } from '../src/sync/projections/projections.ts';
import { cosmosDocumentStore } from '../src/sync/projector/cosmos-document-store.ts';
import { projectBatch } from '../src/sync/projector/projector.ts';
import { REMEMBERED_SIZE } from '../src/sync/projector/projector-of.ts';
import { RECEIVED_AT } from '../test/support/commands/command-bus.ts';
import { noCustomerKeys, storedKeys } from '../test/support/events/personal-data.ts';
import { ofType, propertyOf, SNAPSHOTS } from '../test/support/infra/snapshots.ts';
import { NEXT_VERSION } from '../test/support/projections/next-version.ts';
import { projectionsOfVersion } from '../test/support/projections/projections-of-version.ts';
import { openShop } from './shop.ts';

/** The read side at the time of the events, so that none is too old for a read model. */
const runtime = { ...systemRuntime, now: () => Date.parse(RECEIVED_AT) };

type Project = (events: readonly EventEnvelope[]) => Promise<unknown>;

/** The projections of the read side, with their own Cosmos DB stand-in. */
export interface ReadSide {
  /** Of the Cosmos DB stand-in. */
  readonly connectionString: string;
  readonly requests: CosmosDbServer['requests'];
  /** By read model: projects a batch of new events. */
  readonly projections: ReadonlyMap<string, Project>;
  /** By read model: projects a batch of replayed events. */
  readonly replays: ReadonlyMap<string, Project>;
  /** The same with the next version of each projection, which rebuilds the documents. */
  readonly nextReplays: ReadonlyMap<string, Project>;
  close(): Promise<void>;
}

/** Options of {@link openReadSide}. */
export interface ReadSideOptions {
  /** Size of the document cache of a projector of new events. 0 has the same effect as if another process had written the documents. */
  readonly maxRemembered?: number | undefined;
  /** Physical partitions of each container. */
  readonly partitions?: number;
}

/** Opens the projections on a Cosmos DB stand-in in this process. */
export async function openReadSide({
  maxRemembered = REMEMBERED_SIZE,
  partitions = 1,
}: ReadSideOptions = {}): Promise<ReadSide> {
  const cosmosDb = await startCosmosDb({ port: 0, partitions });
  const { close, ...projections } = await openProjections(cosmosDb.connectionString, maxRemembered);
  return {
    ...projections,
    connectionString: cosmosDb.connectionString,
    requests: cosmosDb.requests,
    close: async () => {
      close();
      await cosmosDb.close();
    },
  };
}

/** Opens the projections in this process on a stand-in that may be in another process. Creates the containers. */
export async function openProjections(
  connectionString: string,
  maxRemembered = REMEMBERED_SIZE,
): Promise<Pick<ReadSide, 'projections' | 'replays' | 'nextReplays'> & { readonly close: () => void }> {
  await createContainers(connectionString);
  const { database, close } = openReadDatabase({ kind: 'connectionString', connectionString }, READ_DATABASE);
  const current: readonly Projection<unknown>[] = PROJECTIONS.map(({ projection }) => projection);
  const next = projectionsOfVersion(NEXT_VERSION).map(({ projection }) => projection);
  const byReadModel = (all: readonly Projection<unknown>[], readsAll: boolean) =>
    new Map(all.map((projection) => projector(database, projection, { readsAll, maxRemembered })));
  return {
    projections: byReadModel(current, false),
    replays: byReadModel(current, true),
    nextReplays: byReadModel(next, true),
    close,
  };
}

async function createContainers(connectionString: string): Promise<void> {
  const client = new CosmosClient(connectionString);
  const { database } = await client.databases.createIfNotExists({ id: READ_DATABASE });
  for (const container of CONTAINERS) {
    const indexingPolicy = deployedIndexes(container.name);
    await database.containers.createIfNotExists({ ...containerDefinition(container), indexingPolicy });
  }
  client.dispose();
}

function projector(
  database: Database,
  projection: Projection<unknown>,
  { readsAll, maxRemembered }: { readonly readsAll: boolean; readonly maxRemembered: number },
): readonly [string, Project] {
  const { container } = projection;
  const rememberedSize = readsAll ? 0 : maxRemembered;
  const dependencies = {
    documents: cosmosDocumentStore<unknown>(
      database.container(container.name),
      container,
      systemRuntime,
      rememberedSize,
    ),
    deadLetters: cosmosDeadLetters(database.container(DEAD_LETTERS.name), systemRuntime),
    customerKeys: noCustomerKeys,
    readsAll,
    runtime,
  };
  const toReceived = (event: EventEnvelope, sequenceNumber: number) => ({
    body: JSON.stringify(event),
    partitionId: '0',
    sequenceNumber,
  });
  return [container.readModel, (events) => projectBatch(events.map(toReceived), projection, dependencies)];
}

/** The indexing policy of a container in the template. */
function deployedIndexes(name: string): IndexingPolicy {
  const containers = SNAPSHOTS.flatMap(([, snapshot]) =>
    ofType(snapshot, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers'),
  );
  const container = containers.find((one) => propertyOf(one, 'properties.resource.id') === name);
  return policy.parse(container && propertyOf(container, 'properties.resource.indexingPolicy'));
}

const paths = z.array(z.object({ path: z.string() }));
const policy = z.object({ includedPaths: paths, excludedPaths: paths });

/** Lines of each order. Each line has a different product, and all orders have the same products. */
const LINES = 5;

/** What happens to an order from its placement to its delivery. */
export const LIFE = ['placed', 'confirmed', 'shipped', 'delivered'] as const;

/** The events of orders, by what happened. */
export interface OrderEvents extends Readonly<Record<(typeof LIFE)[number], readonly EventEnvelope[]>> {
  /** Each order has a customer of its own. */
  readonly registered: readonly EventEnvelope[];
}

/** Creates the events of orders, each with its own customer. IDs start with `name`, so the same name produces the same IDs. */
export async function orderEvents(count: number, name: string): Promise<OrderEvents> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const store = new SqliteWriteStore(database, systemRuntime);
  const shop = await openShop(store, name);
  const decoded = ({ body }: OutboxEvent): readonly EventEnvelope[] => {
    const one = decodeEvent(body, storedKeys(database));
    return one.kind === 'event' ? [one.event] : [];
  };
  const events: Record<keyof OrderEvents, EventEnvelope[]> = {
    registered: [],
    placed: [],
    confirmed: [],
    shipped: [],
    delivered: [],
  };
  for (let order = 0; order < count; order++) {
    const command = await shop.newOrder(LINES);
    const { on } = command;
    events.registered.push(...decoded(command.registered));
    events.placed.push(...decoded(await shop.send(command)));
    events.confirmed.push(...decoded(await shop.send({ type: 'ConfirmOrder', on })));
    const data = { carrier: 'Parcels Inc', trackingNumber: '1Z999AA10123456784' };
    events.shipped.push(...decoded(await shop.send({ type: 'ShipOrder', on, data })));
    events.delivered.push(...decoded(await shop.send({ type: 'DeliverOrder', on })));
  }
  await store.close();
  return events;
}
