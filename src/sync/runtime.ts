import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { SyncConfig } from '../shared/config.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';

/** What the sync app's functions share. */
export interface SyncRuntime {
  readonly authenticate: Authenticate;
  readonly database: Database;
  readonly config: SyncConfig;
  close(): void;
}

let opened: SyncRuntime | undefined;

/** Opens the read database; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: SyncConfig): SyncRuntime {
  opened = {
    config,
    authenticate: createAuthenticate(config.auth),
    ...openReadDatabase(config.cosmos, config.cosmosDatabase),
  };
  return opened;
}

export function runtime(): SyncRuntime {
  if (opened === undefined) throw new Error('The sync app is not configured.');
  return opened;
}
