import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { SyncConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { openMasterKey } from '../shared/personal-data/master-key.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import { openWriteDatabase, type WriteDatabase } from '../shared/write-database/open-write-database.ts';
import { type CustomerKeys, createCustomerKeys } from './customer-keys/customer-keys.ts';
import { readCustomerKeys } from './database/read-customer-keys.ts';

/** What the sync app's functions share. */
export interface SyncRuntime {
  readonly authenticate: Authenticate;
  readonly database: Database;
  readonly config: SyncConfig;
  readonly customerKeys: CustomerKeys;
  /** The write database, opened at the first call. Throws when it cannot be reached; the next call tries again. */
  writeDatabase(): Promise<WriteDatabase>;
  close(): Promise<void>;
}

let opened: SyncRuntime | undefined;

/** Opens the read database; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: SyncConfig): SyncRuntime {
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase);
  let opening: Promise<WriteDatabase> | undefined;
  const writeDatabase = () => {
    opening ??= openForSync(config).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  opened = {
    config,
    authenticate: createAuthenticate(config.auth),
    database,
    writeDatabase,
    customerKeys: createCustomerKeys(readCustomerKeys(writeDatabase), openMasterKey(config.masterKey)),
    close: async () => {
      close();
      await (await opening)?.close();
    },
  };
  return opened;
}

function openForSync({ sql }: SyncConfig): Promise<WriteDatabase> {
  const tokenCredential = appCredential(sql.identityClientId);
  return openWriteDatabase(sql.connectionString, { appName: 'orders-sync', tokenCredential });
}

export function runtime(): SyncRuntime {
  if (opened === undefined) throw new Error('The sync app is not configured.');
  return opened;
}
