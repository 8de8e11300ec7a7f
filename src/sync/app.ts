import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { SyncConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { openMasterKey } from '../shared/personal-data/master-key.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import { reopening } from '../shared/reopening.ts';
import { type CustomerKeys, createCustomerKeys } from './customer-keys/customer-keys.ts';
import { openSyncDatabase } from './database/open-sync-database.ts';
import type { SyncDatabase } from './database/sync-database.ts';
import type { PartitionLag } from './lag/lag.ts';
import type { ReadModelProjection } from './projections/projections.ts';
import { cosmosReplayStore, type ReplayStore } from './replay/replay-store.ts';

/** What the functions of the sync app are built from. */
export interface SyncApp {
  readonly config: SyncConfig;
  readonly projections: readonly ReadModelProjection[];
  readonly authenticate: Authenticate;
  /** The read database. */
  readonly database: Database;
  /** The write database, opened at the first call. Rejects when it cannot be reached; the next call tries again. */
  writeDatabase(): Promise<SyncDatabase>;
  readonly customerKeys: CustomerKeys;
  readonly replays: ReplayStore;
  /** How far each read model is behind now, by partition. */
  readLag(): Promise<readonly PartitionLag[]>;
  close(): Promise<void>;
}

/** Builds the app. Nothing is opened before it is needed. */
export function createSyncApp(config: SyncConfig, projections: readonly ReadModelProjection[]): SyncApp {
  const { eventHub, storage, sql } = config;
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase);
  const writeDatabase = reopening(() => openSyncDatabase(sql.connectionString, appCredential(sql.identityClientId)));
  const readCustomerKeys = async (ids: readonly string[]) => (await writeDatabase.get()).readCustomerKeys(ids);
  return {
    config,
    projections,
    authenticate: createAuthenticate(config.auth),
    database,
    writeDatabase: writeDatabase.get,
    customerKeys: createCustomerKeys(readCustomerKeys, openMasterKey(config.masterKey)),
    replays: cosmosReplayStore(database),
    readLag: async () => {
      // Loaded at the first call, because the Storage SDK takes long to load.
      const { readLag } = await import('./lag/lag.ts');
      return readLag(eventHub, storage);
    },
    close: async () => {
      close();
      await writeDatabase.close();
    },
  };
}
