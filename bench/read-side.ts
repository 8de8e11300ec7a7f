import { CosmosClient } from '@azure/cosmos';
import { containerDefinition } from '../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../local/cosmos-db/server.ts';
import { SqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { decodeEvent } from '../src/shared/events/decode.ts';
import type { EventEnvelope } from '../src/shared/events/envelope.ts';
import { CATALOGUE, CONTAINERS, DEAD_LETTERS, SALES_LIVE } from '../src/shared/read-models/containers.ts';
import { ORDER_DETAILS_MAPPING } from '../src/shared/read-models/order-details.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import { cosmosDeadLetters } from '../src/sync/dead-letters/dead-letters.ts';
import { catalogue, projectCatalogue, STOCK_COUNTING } from '../src/sync/projections/catalogue.ts';
import { customerOrders, ORDER_COUNTING, projectCustomerOrders } from '../src/sync/projections/customer-orders.ts';
import { orderDetails, projectOrderDetails } from '../src/sync/projections/order-details.ts';
import { documentPerOrder } from '../src/sync/projections/order-projection.ts';
import { orderSearch } from '../src/sync/projections/order-search.ts';
import type { Projection } from '../src/sync/projections/projection.ts';
import { projectSalesDaily, SALES_COUNTING, salesDaily } from '../src/sync/projections/sales-daily.ts';
import { LIVE_COUNTING, projectSalesLive, salesLive } from '../src/sync/projections/sales-live.ts';
import { shippingBoard } from '../src/sync/projections/shipping-board.ts';
import { cosmosDocumentStore } from '../src/sync/projector/document-store.ts';
import { projectBatch } from '../src/sync/projector/projector.ts';
import { RECEIVED_AT, type SentCommand } from '../test/support/commands/command-bus.ts';
import { noCustomerKeys, storedKeys } from '../test/support/events/personal-data.ts';
import { openShop } from './shop.ts';

/** The read side at the time of the events, so that none is too old for a read model. */
const runtime = { ...systemRuntime, now: () => Date.parse(RECEIVED_AT) };

type Project = (events: readonly EventEnvelope[]) => Promise<unknown>;

/** The projections of the read side, with their own Cosmos DB stand-in. */
export interface ReadSide {
  /** Of the Cosmos DB stand-in. */
  readonly connectionString: string;
  readonly requests: CosmosDbServer['requests'];
  /** By read model: projects a batch of events. */
  readonly projections: ReadonlyMap<string, Project>;
  /** The same with the next version of each projection, which rebuilds the documents. */
  readonly nextProjections: ReadonlyMap<string, Project>;
  close(): Promise<void>;
}

/** @param partitions physical partitions of each container */
export async function openReadSide(partitions = 1): Promise<ReadSide> {
  const cosmosDb = await startCosmosDb({ port: 0, partitions });
  const client = new CosmosClient(cosmosDb.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  for (const container of CONTAINERS) {
    await database.containers.createIfNotExists(containerDefinition(container));
  }
  const deadLetters = cosmosDeadLetters(database.container(DEAD_LETTERS.name), systemRuntime);
  const project = <Document>(projection: Projection<Document>): readonly [string, Project] => {
    const { name, readModel } = projection.container;
    const dependencies = {
      documents: cosmosDocumentStore<Document>(database.container(name), projection.container, systemRuntime),
      deadLetters,
      customerKeys: noCustomerKeys,
      runtime,
    };
    const toReceived = (event: EventEnvelope, sequenceNumber: number) => ({
      body: JSON.stringify(event),
      partitionId: '0',
      sequenceNumber,
    });
    return [readModel, (events) => projectBatch(events.map(toReceived), projection, dependencies)];
  };
  return {
    connectionString: cosmosDb.connectionString,
    requests: cosmosDb.requests,
    projections: new Map([
      project(orderDetails),
      project(customerOrders),
      project(orderSearch),
      project(shippingBoard),
      project(salesDaily),
      project(salesLive),
      project(catalogue),
    ]),
    nextProjections: new Map([
      project(projectOrderDetails(next(ORDER_DETAILS_MAPPING))),
      project(projectCustomerOrders(next(ORDER_COUNTING))),
      project(documentPerOrder(next(orderSearch))),
      project(documentPerOrder(next(shippingBoard))),
      project(projectSalesDaily(next(SALES_COUNTING))),
      project(projectSalesLive(next(LIVE_COUNTING))),
      project(projectCatalogue(next(STOCK_COUNTING))),
    ]),
    close: async () => {
      client.dispose();
      await cosmosDb.close();
    },
  };
}

const next = <Versioned extends { readonly version: number }>(definition: Versioned): Versioned => ({
  ...definition,
  version: definition.version + 1,
});

/** The lines of each order, each with a product of its own. All orders have the same products. */
const LINES = 5;

/** The events of orders that were placed and confirmed. */
export interface OrderEvents {
  readonly placed: readonly EventEnvelope[];
  readonly confirmed: readonly EventEnvelope[];
  /** The events that a read model projects: placed orders where only these count, and the confirmations elsewhere. */
  for(readModel: string): readonly EventEnvelope[];
}

/** Creates the events of orders, each with its own customer. IDs start with `name`, so the same name produces the same IDs. */
export async function orderEvents(count: number, name: string): Promise<OrderEvents> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  const store = new SqliteWriteStore(database, systemRuntime);
  const shop = await openShop(store, name);
  const send = async (command: SentCommand): Promise<readonly EventEnvelope[]> => {
    const { body } = await shop.send(command);
    const decoded = decodeEvent(body, storedKeys(database));
    return decoded.kind === 'event' ? [decoded.event] : [];
  };
  const placed: EventEnvelope[] = [];
  const confirmed: EventEnvelope[] = [];
  for (let order = 0; order < count; order++) {
    const command = await shop.newOrder(LINES);
    placed.push(...(await send(command)));
    confirmed.push(...(await send({ type: 'ConfirmOrder', on: command.on })));
  }
  await store.close();
  const ofPlaced: readonly string[] = [CATALOGUE.readModel, SALES_LIVE.readModel];
  return { placed, confirmed, for: (readModel) => (ofPlaced.includes(readModel) ? placed : confirmed) };
}
