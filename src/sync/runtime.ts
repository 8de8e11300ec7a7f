import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { SyncConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import { openWriteDatabase, type WriteDatabase } from '../shared/sql/open-write-database.ts';

/** What the sync app's functions share. */
export interface SyncRuntime {
  readonly authenticate: Authenticate;
  readonly database: Database;
  readonly config: SyncConfig;
  /** The write database, opened at the first call. Throws when it cannot be reached; the next call tries again. */
  writeDatabase(): Promise<WriteDatabase>;
  close(): Promise<void>;
}

let opened: SyncRuntime | undefined;

/** Opens the read database; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: SyncConfig): SyncRuntime {
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase);
  let writeDatabase: Promise<WriteDatabase> | undefined;
  opened = {
    config,
    authenticate: createAuthenticate(config.auth),
    database,
    writeDatabase: () => {
      writeDatabase ??= openForSync(config).catch((error: unknown) => {
        writeDatabase = undefined;
        throw error;
      });
      return writeDatabase;
    },
    close: async () => {
      close();
      await (await writeDatabase)?.close();
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
