import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CosmosClient } from '@azure/cosmos';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { startEventHubs } from '../../local/event-hubs/server.ts';
import { filesOf } from '../../local/kept-data.ts';
import { createMasterKey } from '../../local/master-key-file.ts';
import { prepareDataFolder } from '../../local/prepare-data-folder.ts';
import { READ_DATABASE } from '../../local/read-database.ts';
import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { logIn, tablesOf } from '../support/commands/tables.ts';
import { expectFoldOf } from '../support/projections/read-models.ts';

const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const SHIPMENT = { carrier: 'UPS', trackingNumber: '1Z' };

const customer = (customerId: string): SentCommand => ({
  type: 'RegisterCustomer',
  data: { customerId, name: `Customer ${customerId}`, email: `${customerId}@example.com`, creditLimit: 1_000 },
});
const placed = (on: string, customerId: string): SentCommand => {
  const items = [{ productId: 'lamp', quantity: 2 }];
  return { type: 'PlaceOrder', data: { orderId: on, customerId, items, shippingAddress: ADDRESS } };
};

const BEFORE: readonly SentCommand[] = [
  { type: 'AddProduct', data: { productId: 'lamp', name: 'Desk lamp', price: 29.99, stock: 100 } },
  ...['ada', 'bob', 'eve'].map(customer),
  ...['a1', 'a2'].map((id) => placed(id, 'ada')),
  placed('b1', 'bob'),
  placed('e1', 'eve'),
  { type: 'ConfirmOrder', on: 'a1' },
];
const AFTER: readonly SentCommand[] = [
  { type: 'ShipOrder', on: 'a1', data: SHIPMENT },
  { type: 'CancelOrder', on: 'a2', data: { reason: 'changed my mind' } },
  { type: 'ChangeCustomerContact', on: 'bob', data: { name: 'Robert', email: 'robert@example.com' } },
  { type: 'EraseCustomer', on: 'ada' },
  placed('b2', 'bob'),
  { type: 'AdjustStock', on: 'lamp', data: { delta: 5, reason: 'delivery' } },
];

describe('read models that a start rebuilds', () => {
  it('equal the fold of the log', async () => {
    const { folder, send, log } = await newFolder();
    await send([...BEFORE, ...AFTER]);
    const said = await prepare(folder);
    expect(said).toEqual([
      `Rebuilding the read models from ${(await log()).length} events of ${filesOf(folder).writeStore}.`,
    ]);
    await withReadModels(folder, async (cosmosDb) => expectFoldOf({ azure: { cosmosDb } }, await log()));
  });

  it('get what they lack and keep the rest when only the hub is missing', async () => {
    const { folder, send, log } = await newFolder();
    await send(BEFORE);
    await prepare(folder);
    const before = await withReadModels(folder, (cosmosDb) => etagOf(cosmosDb, 'e1'));
    await send(AFTER);
    await prepare(folder);
    await withReadModels(folder, async (cosmosDb) => {
      await expectFoldOf({ azure: { cosmosDb } }, await log());
      expect(await etagOf(cosmosDb, 'e1')).toBe(before);
    });
  });

  it('are rebuilt by the next start after an interruption', async () => {
    const { folder, send, log } = await newFolder();
    await send(BEFORE);
    const interruption = new AbortController();
    const interrupted = prepareDataFolder(folder, {
      say: () => interruption.abort(new Error('interrupted')),
      signal: interruption.signal,
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    await createHub(folder);
    expect(await prepare(folder)).toHaveLength(1);
    await withReadModels(folder, async (cosmosDb) => expectFoldOf({ azure: { cosmosDb } }, await log()));
  });

  it('are rebuilt once', async () => {
    const { folder, send } = await newFolder();
    await send(BEFORE);
    await prepare(folder);
    await createHub(folder);
    expect(await prepare(folder)).toEqual([]);
  });

  it('stay as they are when another container has to be replaced', async () => {
    const { folder, send, log } = await newFolder();
    await send(BEFORE);
    await prepare(folder);
    await createHub(folder);
    await withReadModels(folder, async ({ connectionString }) => {
      const client = new CosmosClient(connectionString);
      const { containers } = client.database(READ_DATABASE);
      await client.database(READ_DATABASE).container(DEAD_LETTERS.name).delete();
      await containers.create({ id: DEAD_LETTERS.name, partitionKey: { paths: ['/other'] } });
      client.dispose();
    });
    expect(await prepare(folder)).toEqual([]);
    await withReadModels(folder, async (cosmosDb) => {
      await expectFoldOf({ azure: { cosmosDb } }, await log());
      const client = new CosmosClient(cosmosDb.connectionString);
      const { resource } = await client.database(READ_DATABASE).container(DEAD_LETTERS.name).read();
      client.dispose();
      expect(resource?.partitionKey?.paths).toEqual([DEAD_LETTERS.partitionKey]);
    });
  });

  it('have one dead letter for an event that no projection can handle', async () => {
    const { folder, send } = await newFolder();
    await send(BEFORE);
    const database = new DatabaseSync(filesOf(folder).writeStore);
    database.exec("UPDATE Events SET Body = 'no event' WHERE AggregateId = 'e1'");
    database.close();
    await prepare(folder);
    await prepare(folder);
    await withReadModels(folder, async (cosmosDb) => {
      const letters = await all(cosmosDb, DEAD_LETTERS.name, 'SELECT c.readModel, c.status FROM c');
      expect(letters.filter(({ readModel }) => readModel === 'order_details')).toEqual([
        { readModel: 'order_details', status: 'waiting' },
      ]);
    });
  });
});

/** A data folder with a master key and a write store. */
async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'rebuild-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = filesOf(folder);
  await createMasterKey(files.masterKey);
  const masterKey = openMasterKey({ kind: 'file', path: files.masterKey }, systemRuntime);
  return {
    folder,
    send: async (commands: readonly SentCommand[]) => {
      const store = await openSqliteWriteStore(files.writeStore, systemRuntime);
      const bus = openCommandBus(store, () => {}, masterKey);
      for (const command of commands) await bus.dispatch(envelopeOf(command));
      await store.close();
    },
    log: async () => logIn(await tablesOf(files.writeStore), masterKey),
  };
}

async function prepare(folder: string): Promise<readonly string[]> {
  const said: string[] = [];
  await prepareDataFolder(folder, { say: (line) => said.push(line) });
  return said;
}

/** A hub and its checkpoints, as a start leaves them. */
async function createHub(folder: string): Promise<void> {
  const { eventHubs, storage } = filesOf(folder);
  const hubs = [{ name: ORDER_EVENTS_HUB, partitions: 1, consumerGroups: [] }];
  await (await startEventHubs({ port: 0, hubs, file: eventHubs })).close();
  await mkdir(storage);
}

async function withReadModels<Result>(folder: string, use: (server: CosmosDbServer) => Promise<Result>) {
  const server = await startCosmosDb({ port: 0, file: filesOf(folder).cosmosDb });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

const etagOf = async (server: CosmosDbServer, orderId: string): Promise<unknown> => {
  const [page] = await all(server, ORDER_DETAILS.name, `SELECT c._etag FROM c WHERE c.id = '${orderId}'`);
  return page?._etag;
};

async function all({ connectionString }: CosmosDbServer, container: string, query: string) {
  const client = new CosmosClient(connectionString);
  const items = client.database(READ_DATABASE).container(container).items;
  const { resources } = await items.query<Record<string, unknown>>(query, { maxItemCount: -1 }).fetchAll();
  client.dispose();
  return resources;
}
