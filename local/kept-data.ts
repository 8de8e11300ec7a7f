import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ORDER_EVENTS_HUB } from '../src/shared/event-hubs/hub.ts';
import { CONTAINERS } from '../src/shared/read-models/containers.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import type { Projection } from '../src/sync/projections/projection.ts';
import { PROJECTIONS } from '../src/sync/projections/projections.ts';
import { COSMOS_DB_FILE } from './cosmos-db/document-store.ts';
import { missingContainers } from './cosmos-db/kept-containers.ts';
import { EVENT_HUBS_FILE } from './event-hubs/file-store.ts';
import { DEFAULT_MAX_EVENTS } from './event-hubs/server.ts';
import { storageFolder } from './load-storage.ts';
import { requireMasterKey } from './master-key-file.ts';
import { isPaired } from './pairing.ts';
import { hasSchema, isSound } from './sqlite-file.ts';
import { isDamaged, StartFault } from './start-fault.ts';

/** The files of a data folder, apart from the development issuer's key. */
export function filesOf(folder: string) {
  return {
    writeStore: join(folder, 'orders.db'),
    eventHubs: join(folder, 'event-hubs.db'),
    cosmosDb: join(folder, 'cosmos-db.db'),
    storage: storageFolder(folder),
    masterKey: join(folder, 'master-key.json'),
  };
}

/** What a data folder lacks. */
export interface MissingData {
  /** Whether the hub must be created: a new one, or in place of one that was removed. */
  readonly newHub: boolean;
  /** Projections of the read models to rebuild. */
  readonly projections: readonly Projection<unknown>[];
  /** Containers that must be created, in place of those of the same name. */
  readonly replaced: readonly string[];
  /** Number of events in the log. */
  readonly events: number;
}

/**
 * Compares the hub and the read models of a folder with its write store, and removes what does not match; call it before anything runs on
 * the folder. A hub is removed when it lacks an event that was published to it, when it has one that the write store does not have, or
 * when its checkpoints are lost, without which every consumer would process the whole hub again. Nothing publishes the log again: the
 * read models are rebuilt from the log, and checkpoints may stay, because a new hub has higher sequence numbers than any before it. Read
 * models stay when only their hub is lost, and are removed when they belong to another state of the write store (see `pairing.ts`).
 *
 * Personal data needs the master key that encrypted it, so a missing or foreign key is refused. The write store is the first file that is
 * created, so a folder that has other files but no write store has lost it.
 * @throws {StartFault} when the write store is missing or damaged, or the master key does not belong to it
 */
export async function checkKeptData(folder: string): Promise<MissingData> {
  const { writeStore, masterKey } = filesOf(folder);
  requireWriteStore(folder);
  const database = await openUndamaged(writeStore, folder);
  try {
    await requireMasterKey(masterKey, database);
    const events = Number(database.prepare('SELECT count(*) AS events FROM EventLog').get()?.events);
    return { events, ...(await removeMismatches(folder, database)) };
  } finally {
    database.close();
  }
}

async function removeMismatches(folder: string, database: DatabaseSync): Promise<Omit<MissingData, 'events'>> {
  const { eventHubs, cosmosDb, storage } = filesOf(folder);
  const hasHub = await hasSchema(eventHubs, EVENT_HUBS_FILE);
  const { lost, unknown } = hasHub ? differences(database, eventHubs) : NO_DIFFERENCES;
  const keepsHub = hasHub && lost === 0 && unknown === 0 && existsSync(storage);
  if (!keepsHub) await removeDatabase(eventHubs);
  const keepsReadModels = unknown === 0 && (await hasSchema(cosmosDb, COSMOS_DB_FILE)) && isPaired(database, cosmosDb);
  if (!keepsReadModels) await removeDatabase(cosmosDb);
  const replaced = keepsReadModels ? await missingContainers(cosmosDb, CONTAINERS) : CONTAINERS;
  const isMissing = ({ container }: Projection<unknown>) => !keepsHub || replaced.includes(container);
  return {
    newHub: !keepsHub,
    projections: PROJECTIONS.map(({ projection }) => projection).filter(isMissing),
    replaced: replaced.map(({ name }) => name),
  };
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

/**
 * Counts events that were published to the hub but that it does not have, and events of the hub that the write store does not have. Events
 * that were published before the hub was created do not count, nor do those that it may have dropped because a partition is full.
 */
const DIFFERENCES = `
  SELECT (
    SELECT count(*) FROM EventLog
    WHERE PublishedAt >= (SELECT At FROM Hubs.Created)
      AND EventId NOT IN (SELECT MessageId FROM Hubs.Events WHERE Hub = :hub AND MessageId IS NOT NULL)
      AND RecordedAt >= (
        SELECT coalesce(max(Oldest), 0) FROM (
          SELECT min(EnqueuedAt) AS Oldest FROM Hubs.Events WHERE Hub = :hub
          GROUP BY PartitionId HAVING count(*) >= :maxEvents
        )
      )
  ) AS lost, (
    SELECT count(*) FROM Hubs.Events
    WHERE Hub = :hub AND MessageId IS NOT NULL AND MessageId NOT IN (SELECT EventId FROM EventLog)
  ) AS unknown`;

const differencesSchema = z.object({ lost: z.number(), unknown: z.number() });

const NO_DIFFERENCES = { lost: 0, unknown: 0 };

function differences(writeStore: DatabaseSync, eventHubs: string): z.output<typeof differencesSchema> {
  writeStore.prepare('ATTACH ? AS Hubs').run(eventHubs);
  const found = writeStore.prepare(DIFFERENCES).get({ hub: ORDER_EVENTS_HUB, maxEvents: DEFAULT_MAX_EVENTS });
  writeStore.exec('DETACH Hubs');
  return differencesSchema.parse(found);
}

async function removeDatabase(file: string): Promise<void> {
  await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(`${file}${suffix}`, { force: true })));
}
