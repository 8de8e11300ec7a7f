import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ORDER_EVENTS_HUB } from '../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../src/shared/read-models/containers.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import { COSMOS_DB_FILE } from './cosmos-db/document-store.ts';
import { hasContainers } from './cosmos-db/kept-containers.ts';
import { EVENT_HUBS_FILE } from './event-hubs/file-store.ts';
import { DEFAULT_MAX_EVENTS } from './event-hubs/server.ts';
import { requireMasterKey } from './master-key-file.ts';
import { hasSchema, isSound } from './sqlite-file.ts';
import { isDamaged, StartFault } from './start-fault.ts';

/** The files of a data folder, apart from the development issuer's key. */
export function filesOf(folder: string) {
  return {
    writeStore: join(folder, 'orders.db'),
    eventHubs: join(folder, 'event-hubs.db'),
    cosmosDb: join(folder, 'cosmos-db.db'),
    storage: join(folder, 'storage'),
    masterKey: join(folder, 'master-key.json'),
  };
}

/**
 * Checks that the hub and the read models of a folder match its write store; call it before anything runs on the folder. If they do
 * not match, a file is missing, or the read models have other containers than the apps now use, removes both and marks every event as not published: the outbox relay then sends the whole log
 * again, and the projections rebuild the read models. Checkpoints may stay, because a new hub has higher sequence numbers than any
 * before it. Personal data needs the master key that encrypted it, so a missing or foreign key is refused. In a new folder, the write
 * store is the first file, so that a folder with other files but without it has lost it.
 * @returns how many events have to be published again
 * @throws {StartFault} when the write store is missing or damaged, or the master key does not belong to it
 */
export async function checkKeptData(folder: string): Promise<number> {
  const { writeStore, eventHubs, cosmosDb, masterKey } = filesOf(folder);
  requireWriteStore(folder);
  const isComplete =
    (await hasSchema(eventHubs, EVENT_HUBS_FILE)) &&
    (await hasSchema(cosmosDb, COSMOS_DB_FILE)) &&
    (await hasContainers(cosmosDb, CONTAINERS));
  const database = await openUndamaged(writeStore, folder);
  try {
    await requireMasterKey(masterKey, database);
    if (isComplete && hasSameEvents(database, eventHubs)) return 0;
    await Promise.all([removeDatabase(eventHubs), removeDatabase(cosmosDb)]);
    return Number(database.prepare(REPUBLISH).run().changes);
  } finally {
    database.close();
  }
}

/** Refuses to take a folder that has lost its orders for a new one. */
function requireWriteStore(folder: string): void {
  const { writeStore, ...others } = filesOf(folder);
  if (existsSync(writeStore)) return;
  const found = Object.values(others).filter((path) => existsSync(path));
  if (found.length === 0) return;
  const names = new Intl.ListFormat('en').format(found.map((path) => basename(path)));
  throw new StartFault(
    `${writeStore} is missing, but the folder has ${names}: restore the folder from a backup, or remove it to start from nothing. If a server keeps the orders, set SQL_CONNECTION_STRING.`,
  );
}

/** Opens the write store and checks its structure, because damage in the middle of the file would otherwise show up much later. */
async function openUndamaged(writeStore: string, folder: string): Promise<DatabaseSync> {
  try {
    const { database } = await openDatabase(writeStore, systemRuntime);
    if (isSound(database)) return database;
    database.close();
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  throw new StartFault(
    `${writeStore} is damaged: restore the folder ${folder} from a backup, or remove it to start from nothing.`,
  );
}

const REPUBLISH = 'UPDATE Events SET PublishedAt = NULL, ClaimedUntil = NULL';

/**
 * Counts published events that the hub does not have, and events of the hub that the write store does not have. Events that the hub
 * may have dropped because a partition is full do not count.
 */
const DIFFERENCES = `
  SELECT (
    SELECT count(*) FROM Events
    WHERE PublishedAt IS NOT NULL
      AND EventId NOT IN (SELECT MessageId FROM Hubs.Events WHERE Hub = :hub AND MessageId IS NOT NULL)
      AND RecordedAt >= (
        SELECT coalesce(max(Oldest), 0) FROM (
          SELECT min(EnqueuedAt) AS Oldest FROM Hubs.Events WHERE Hub = :hub
          GROUP BY PartitionId HAVING count(*) >= :maxEvents
        )
      )
  ) AS lost, (
    SELECT count(*) FROM Hubs.Events
    WHERE Hub = :hub AND MessageId IS NOT NULL AND MessageId NOT IN (SELECT EventId FROM Events)
  ) AS unknown`;

const differencesSchema = z.object({ lost: z.number(), unknown: z.number() });

function hasSameEvents(writeStore: DatabaseSync, eventHubs: string): boolean {
  writeStore.prepare('ATTACH ? AS Hubs').run(eventHubs);
  const found = writeStore.prepare(DIFFERENCES).get({ hub: ORDER_EVENTS_HUB, maxEvents: DEFAULT_MAX_EVENTS });
  writeStore.exec('DETACH Hubs');
  const { lost, unknown } = differencesSchema.parse(found);
  return lost === 0 && unknown === 0;
}

async function removeDatabase(file: string): Promise<void> {
  await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(`${file}${suffix}`, { force: true })));
}
