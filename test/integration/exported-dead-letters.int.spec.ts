import { type Container, CosmosClient, type Database } from '@azure/cosmos';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers, READ_DATABASE } from '../../local/read-database.ts';
import { DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { deadLettersOf } from '../../src/sync/customer-export/sources.ts';
import { toDeadLetter } from '../../src/sync/dead-letters/dead-letters.ts';
import { orderPlaced } from '../support/events/events.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;
let container: Container;

beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
  client = new CosmosClient(cosmosDb.connectionString);
  database = client.database(READ_DATABASE);
  container = database.container(DEAD_LETTERS.name);
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

let sequenceNumber = 0;

/** A dead letter about an order of a customer. */
const letterOf = (customerId: string) => {
  const event = orderPlaced();
  const body = JSON.stringify({ ...event, order: { ...event.order, customerId } });
  const poison = { body, reason: 'not projected', partitionId: '0', sequenceNumber: ++sequenceNumber };
  return toDeadLetter('order_details', poison, '2026-01-15T10:00:00.000Z');
};

it("the export reads a customer's dead letters with one request, however many others there are", async () => {
  const { customerId: _, ...fromBefore } = letterOf('c1');
  const letters = [letterOf('c1'), fromBefore, ...Array.from({ length: 200 }, () => letterOf('c2'))];
  await Promise.all(letters.map((letter) => container.items.create({ ...letter })));
  cosmosDb.requests.reset();
  const { items, next } = await deadLettersOf({ database, customerKeys: noCustomerKeys }, 'c1').read(undefined);
  expect(items.map(({ record }) => Reflect.get(record, 'deadLetterId')).toSorted()).toEqual(
    letters
      .slice(0, 2)
      .map(({ id }) => id)
      .toSorted(),
  );
  expect([next, cosmosDb.requests.count()]).toEqual([undefined, 1]);
});
