import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CosmosClient } from '@azure/cosmos';
import { EventHubProducerClient } from '@azure/event-hubs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { containerDefinition } from '../../local/container-definition.ts';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { DEFAULT_MAX_EVENTS, startEventHubs } from '../../local/event-hubs/server.ts';
import { checkKeptData, filesOf } from '../../local/kept-data.ts';
import { endPairing, startPairing } from '../../local/pairing.ts';
import { READ_DATABASE } from '../../local/read-database.ts';
import { ORDER_EVENTS_HUB, READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import { wrapKey } from '../../src/shared/personal-data/cipher.ts';
import { CONTAINERS, SALES_DAILY } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';

const HUBS = [{ name: ORDER_EVENTS_HUB, partitions: 1, consumerGroups: [] }];

const ALL = READ_MODELS.toSorted();

describe('a data folder whose files belong together', () => {
  it('is kept as it is', async () => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a', 'b'] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is kept when an event waits in the outbox', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'], unpublished: ['b'] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is kept when an event reached the hub before the outbox could mark it', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a', 'b'], unpublished: ['b'] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is kept when the hub has dropped its oldest events', async () => {
    const folder = await folderWith({ published: ['dropped', 'kept'], inHub: ['kept'] });
    fillHub(folder);
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is kept when an event was published before the hub was created', async () => {
    const folder = await folderWith({ publishedBefore: ['a'], published: ['b'], inHub: ['b'] });
    expect(await outcome(folder)).toEqual(KEPT);
  });
});

describe('a data folder that lacks something', () => {
  it('rebuilds the read models and keeps the hub when the read models are missing', async () => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a', 'b'] });
    await rm(filesOf(folder).cosmosDb);
    expect(await outcome(folder)).toEqual({ hub: true, readModels: false, rebuilt: ALL });
  });

  it.each(['eventHubs', 'storage'] as const)(
    'completes the read models and creates another hub when %s is missing',
    async (missing) => {
      const folder = await folderWith({ published: ['a', 'b'], inHub: ['a', 'b'] });
      await rm(filesOf(folder)[missing], { recursive: true });
      expect(await outcome(folder)).toEqual({ hub: false, readModels: true, rebuilt: ALL });
    },
  );

  it('rebuilds the read models when it has only the write store', async () => {
    const folder = await folderWith({ published: ['a', 'b'] });
    expect(await outcome(folder)).toEqual({ hub: false, readModels: false, rebuilt: ALL });
  });

  it('completes the read models when the hub lacks a published event', async () => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a'] });
    expect(await outcome(folder)).toEqual({ hub: false, readModels: true, rebuilt: ALL });
  });

  it('rebuilds the read models when the hub has an event that the write store does not have', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a', 'b'] });
    expect(await outcome(folder)).toEqual({ hub: false, readModels: false, rebuilt: ALL });
  });

  it('rebuilds the read models when their file is older than the last start', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    const { cosmosDb, writeStore } = filesOf(folder);
    await copyFile(cosmosDb, `${cosmosDb}.older`);
    endPairing(cosmosDb, startPairing(writeStore));
    expect(await outcome(folder)).toEqual(KEPT);
    await rename(`${cosmosDb}.older`, cosmosDb);
    expect(await outcome(folder)).toEqual({ hub: true, readModels: false, rebuilt: ALL });
  });

  it('rebuilds a read model alone when its container is missing', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] }, CONTAINERS.slice(1));
    expect(await outcome(folder)).toEqual({ ...KEPT, rebuilt: ['order_details'] });
  });

  it('rebuilds a read model alone when its container has another partition key', async () => {
    const other = { ...SALES_DAILY, partitionKey: '/id' };
    const containers = CONTAINERS.map((one) => (one === SALES_DAILY ? other : one));
    const folder = await folderWith({ published: ['a'], inHub: ['a'] }, containers);
    expect(await outcome(folder)).toEqual({ ...KEPT, rebuilt: ['sales_daily'] });
  });

  it.each([
    ['cannot be read', (path: string) => writeFile(path, 'no database, whatever its name says')],
    ['is damaged in the middle', damage],
  ])('replaces a file that %s', async (_, spoil) => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    const { eventHubs, cosmosDb } = filesOf(folder);
    await spoil(eventHubs);
    expect(await outcome(folder)).toEqual({ hub: false, readModels: true, rebuilt: ALL });
    await spoil(cosmosDb);
    expect(await outcome(folder)).toEqual({ hub: false, readModels: false, rebuilt: ALL });
  });
});

describe('a data folder without a write store', () => {
  it.each(['eventHubs', 'cosmosDb', 'masterKey', 'storage'] as const)('is refused when it has %s', async (other) => {
    const folder = await emptyFolder();
    const files = filesOf(folder);
    await writeFile(files[other], '');
    await expect(checkKeptData(folder)).rejects.toThrow(
      `${files.writeStore} is missing, but the folder has ${basename(files[other])}: restore the folder from a backup, or remove it to start from nothing.`,
    );
    expect(await readdir(folder)).toEqual([basename(files[other])]);
  });

  it('is refused when all other files are there, and keeps them', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await rm(filesOf(folder).writeStore);
    await expect(checkKeptData(folder)).rejects.toThrow(
      'the folder has event-hubs.db, cosmos-db.db, and storage: restore',
    );
    expect(hasDerivedFile(folder)).toBe(true);
  });

  it.each(['running.lock', 'development-issuer'])('is a new folder when it has only %s', async (name) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, name), '');
    expect(await checkKeptData(folder)).toMatchObject({ events: 0 });
  });

  it('gets the write store before any other file, so that an interrupted start can be repeated', async () => {
    const folder = await emptyFolder();
    await checkKeptData(folder);
    expect(await readdir(folder)).toEqual([basename(filesOf(folder).writeStore)]);
    expect(await checkKeptData(folder)).toMatchObject({ events: 0 });
  });
});

describe('a data folder with a write store that cannot be used', () => {
  it.each([
    ['has no database in its file', (path: string) => writeFile(path, 'no database, whatever its name says')],
    ['is damaged in the middle', damage],
  ])('is refused when it %s', async (_, spoil) => {
    const folder = await folderWith({ published: ['a'] });
    const { writeStore } = filesOf(folder);
    await spoil(writeStore);
    await expect(checkKeptData(folder)).rejects.toThrow(
      `${writeStore} is damaged: restore the folder ${folder} from a backup, or remove it to start from nothing.`,
    );
  });
});

describe('the master key of a data folder with personal data', () => {
  const keys = () => ({ v1: randomBytes(32), v2: randomBytes(32) });
  const wayOut = (folder: string) =>
    `restore the file from a backup, or remove the folder ${folder} to start from nothing.`;

  it('is accepted when it unwraps a data key of each of its versions', async () => {
    const { v1, v2 } = keys();
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await writeMasterKey(folder, { v1, v2 });
    await addDataKeys(folder, { v1: [v1, v1], v2: [v2] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is accepted when a single data key is damaged', async () => {
    const { v1, v2 } = keys();
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await writeMasterKey(folder, { v1 });
    await addDataKeys(folder, { v1: [v2, v1] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('may be missing when all data keys were destroyed', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await addDataKeys(folder, { v1: [undefined] });
    expect(await outcome(folder)).toEqual(KEPT);
  });

  it('is refused when its file is missing', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await addDataKeys(folder, { v1: [keys().v1] });
    await expect(checkKeptData(folder)).rejects.toThrow(
      `${filesOf(folder).masterKey} is missing, and only this key can decrypt the personal data in ${folder}: ${wayOut(folder)}`,
    );
    expect(existsSync(filesOf(folder).masterKey)).toBe(false);
  });

  it.each([
    ['has another key', { v1: randomBytes(32) }],
    ['lacks a version', { v2: randomBytes(32) }],
  ])('is refused when its file %s', async (_, other) => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await writeMasterKey(folder, other);
    await addDataKeys(folder, { v1: [keys().v1] });
    await expect(checkKeptData(folder)).rejects.toThrow(
      `${filesOf(folder).masterKey} is not the key that encrypted the personal data in ${folder}: ${wayOut(folder)}`,
    );
    expect(hasDerivedFile(folder)).toBe(true);
  });

  it.each(['{"v1": "AAA', '{"v1": "too short"}', '[]'])('is refused when its file has the text %s', async (text) => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await writeFile(filesOf(folder).masterKey, text);
    await addDataKeys(folder, { v1: [keys().v1] });
    await expect(checkKeptData(folder)).rejects.toThrow(`${filesOf(folder).masterKey} is damaged: ${wayOut(folder)}`);
  });
});

interface Content {
  readonly published: readonly string[];
  /** Published to an earlier hub. */
  readonly publishedBefore?: readonly string[];
  readonly unpublished?: readonly string[];
  /** Without it there is neither a hub nor a read model. */
  readonly inHub?: readonly string[];
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A data folder with events of these ids, and with read models in these containers. */
async function folderWith(
  { published, publishedBefore = [], unpublished = [], inHub }: Content,
  containers = CONTAINERS,
): Promise<string> {
  const folder = await emptyFolder();
  const files = filesOf(folder);
  if (inHub !== undefined) await createHub(files.eventHubs, inHub);
  const { database } = await openDatabase(files.writeStore, systemRuntime);
  const insert = database.prepare(`
    INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body)
    VALUES (?, 'order', ?, 1, 1000, ?, '{}')`);
  for (const id of publishedBefore) insert.run(id, id, 1_000);
  for (const id of published) insert.run(id, id, Date.now());
  for (const id of unpublished) insert.run(id, id, null);
  database.close();
  if (inHub === undefined) return folder;
  await createReadModels(files.cosmosDb, containers);
  await mkdir(files.storage);
  endPairing(files.cosmosDb, startPairing(files.writeStore));
  return folder;
}

async function createHub(file: string, messageIds: readonly string[]): Promise<void> {
  const hubs = await startEventHubs({ port: 0, hubs: HUBS, file });
  const producer = new EventHubProducerClient(hubs.connectionString, ORDER_EVENTS_HUB);
  await producer.sendBatch(messageIds.map((messageId) => ({ messageId, body: {} })));
  await producer.close();
  await hubs.close();
}

async function createReadModels(file: string, containers: typeof CONTAINERS): Promise<void> {
  const cosmosDb = await startCosmosDb({ port: 0, file });
  const client = new CosmosClient(cosmosDb.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: READ_DATABASE });
  for (const container of containers) {
    await database.containers.createIfNotExists(containerDefinition(container));
  }
  client.dispose();
  await cosmosDb.close();
}

/** Fills the partition up with copies of its event, so that it may have dropped others. */
function fillHub(folder: string): void {
  const hub = new DatabaseSync(filesOf(folder).eventHubs);
  hub
    .prepare(`
      WITH RECURSIVE Numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM Numbers WHERE n < ?)
      INSERT INTO Events
      SELECT Hub, PartitionId, SequenceNumber + n, EnqueuedAt, MessageId, NULL, NULL, x'', x'' FROM Events, Numbers`)
    .run(DEFAULT_MAX_EVENTS);
  hub.close();
}

/** What a start finds: the files that it keeps, and the read models that it rebuilds or completes. */
async function outcome(folder: string) {
  const { projections } = await checkKeptData(folder);
  const { eventHubs, cosmosDb } = filesOf(folder);
  const rebuilt = projections.map(({ container }) => container.readModel).toSorted();
  return { hub: existsSync(eventHubs), readModels: existsSync(cosmosDb), rebuilt };
}

const KEPT = { hub: true, readModels: true, rebuilt: [] };

function hasDerivedFile(folder: string): boolean {
  const { eventHubs, cosmosDb } = filesOf(folder);
  return existsSync(eventHubs) || existsSync(cosmosDb);
}

/** Overwrites a page in the middle of a database with bytes that make no sense. */
async function damage(path: string): Promise<void> {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = await readFile(path);
  const page = Math.floor(bytes.length / PAGE_BYTES / 2) * PAGE_BYTES;
  await writeFile(path, bytes.fill(0xff, page, page + PAGE_BYTES));
}

const PAGE_BYTES = 4_096;

async function writeMasterKey(folder: string, versions: Readonly<Record<string, Buffer>>): Promise<void> {
  const texts = Object.entries(versions).map(([version, key]) => [version, key.toString('base64')]);
  await writeFile(filesOf(folder).masterKey, JSON.stringify(Object.fromEntries(texts)));
}

/** Adds data keys by the version of the master key; each is wrapped with the given key, or destroyed when there is none. */
async function addDataKeys(
  folder: string,
  versions: Readonly<Record<string, readonly (Buffer | undefined)[]>>,
): Promise<void> {
  const { database } = await openDatabase(filesOf(folder).writeStore, systemRuntime);
  const insert = database.prepare(
    'INSERT INTO CustomerKeys (CustomerId, ErasedAt, KeyId, WrappedKey, MasterKeyVersion) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [version, keys] of Object.entries(versions)) {
    for (const [index, key] of keys.entries()) {
      const values =
        key === undefined ? ['2026-01-01', null, null, null] : [null, 'id', wrapKey(randomBytes(32), key), version];
      insert.run(`${version}-${index}`, ...values);
    }
  }
  database.close();
}
