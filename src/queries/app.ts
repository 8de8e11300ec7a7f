import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { QueriesConfig } from '../shared/config.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';

/** What the query app's functions share. */
export interface QueryRuntime {
  readonly authenticate: Authenticate;
  readonly database: Database;
  /** How long (ms) a stream of changes may be open. */
  readonly changesStreamMs: number;
  /** Aborted when the app stops. */
  readonly stopping: AbortSignal;
  close(): void;
}

let opened: QueryRuntime | undefined;

/** Opens the read database; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: QueriesConfig): QueryRuntime {
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase, 'Session');
  const stopping = new AbortController();
  opened = {
    authenticate: createAuthenticate(config.auth),
    database,
    changesStreamMs: config.changesStreamMs,
    stopping: stopping.signal,
    close: () => {
      stopping.abort();
      close();
    },
  };
  return opened;
}

export function runtime(): QueryRuntime {
  if (opened === undefined) throw new Error('The query app is not configured.');
  return opened;
}
