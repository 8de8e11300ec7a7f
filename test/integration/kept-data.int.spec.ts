import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventHubProducerClient } from '@azure/event-hubs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { DEFAULT_MAX_EVENTS, startEventHubs } from '../../local/event-hubs/server.ts';
import { checkKeptData, filesOf } from '../../local/kept-data.ts';
import { ORDER_EVENTS_HUB } from '../../src/shared/event-hubs/hub.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';

const HUBS = [{ name: ORDER_EVENTS_HUB, partitions: 1, consumerGroups: [] }];

describe('a data folder whose hub has the published events of its write store', () => {
  it('is kept as it is', async () => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a', 'b'] });
    expect(await outcome(folder)).toEqual({ again: 0, kept: true, unpublished: 0 });
  });

  it('is kept when an event waits in the outbox', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'], unpublished: ['b'] });
    expect(await outcome(folder)).toEqual({ again: 0, kept: true, unpublished: 1 });
  });

  it('is kept when an event reached the hub before the outbox could mark it', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a', 'b'], unpublished: ['b'] });
    expect(await outcome(folder)).toEqual({ again: 0, kept: true, unpublished: 1 });
  });

  it('is kept when the hub has dropped its oldest events', async () => {
    const folder = await folderWith({ published: ['dropped', 'kept'], inHub: ['kept'] });
    fillHub(folder);
    expect(await outcome(folder)).toEqual({ again: 0, kept: true, unpublished: 0 });
  });
});

describe('a data folder whose hub or read models do not belong to its write store', () => {
  it.each(['eventHubs', 'cosmosDb'] as const)('is rebuilt when %s is missing', async (missing) => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a', 'b'] });
    await rm(filesOf(folder)[missing]);
    expect(await outcome(folder)).toEqual({ again: 2, kept: false, unpublished: 2 });
  });

  it('is rebuilt when it has only the write store', async () => {
    const folder = await folderWith({ published: ['a', 'b'] });
    expect(await outcome(folder)).toEqual({ again: 2, kept: false, unpublished: 2 });
  });

  it('is rebuilt when the hub lacks a published event', async () => {
    const folder = await folderWith({ published: ['a', 'b'], inHub: ['a'] });
    expect(await outcome(folder)).toEqual({ again: 2, kept: false, unpublished: 2 });
  });

  it('is rebuilt when the hub has an event of another write store', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a', 'b'] });
    expect(await outcome(folder)).toEqual({ again: 1, kept: false, unpublished: 1 });
  });

  it('is rebuilt when a file cannot be read', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await writeFile(filesOf(folder).eventHubs, 'no database, whatever its name says');
    expect(await outcome(folder)).toEqual({ again: 1, kept: false, unpublished: 1 });
  });

  it('loses its hub and read models when the write store is missing', async () => {
    const folder = await folderWith({ published: ['a'], inHub: ['a'] });
    await rm(filesOf(folder).writeStore);
    expect([await checkKeptData(folder), hasDerivedFile(folder)]).toEqual([0, false]);
  });
});

interface Content {
  readonly published: readonly string[];
  readonly unpublished?: readonly string[];
  /** Without it there is neither a hub nor a read model. */
  readonly inHub?: readonly string[];
}

/** A data folder with events of these ids. */
async function folderWith({ published, unpublished = [], inHub }: Content): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kept-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = filesOf(folder);
  const { database } = await openDatabase(files.writeStore);
  const insert = database.prepare(`
    INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body)
    VALUES (?, 'order', ?, 1, 1000, ?, '{}')`);
  for (const id of published) insert.run(id, id, 1000);
  for (const id of unpublished) insert.run(id, id, null);
  database.close();
  if (inHub === undefined) return folder;
  const hubs = await startEventHubs({ port: 0, hubs: HUBS, file: files.eventHubs });
  const producer = new EventHubProducerClient(hubs.connectionString, ORDER_EVENTS_HUB);
  await producer.sendBatch(inHub.map((messageId) => ({ messageId, body: {} })));
  await producer.close();
  await hubs.close();
  await (await startCosmosDb({ port: 0, file: files.cosmosDb })).close();
  return folder;
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

async function outcome(folder: string) {
  const again = await checkKeptData(folder);
  const database = new DatabaseSync(filesOf(folder).writeStore);
  const row = database.prepare('SELECT count(*) AS unpublished FROM Events WHERE PublishedAt IS NULL').get();
  database.close();
  return { again, kept: hasDerivedFile(folder), unpublished: row?.unpublished };
}

function hasDerivedFile(folder: string): boolean {
  const { eventHubs, cosmosDb } = filesOf(folder);
  return existsSync(eventHubs) || existsSync(cosmosDb);
}
