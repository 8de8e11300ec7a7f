import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { QueriesConfig } from '../shared/config.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import { type ClientGone, watchClients } from './orders/client-gone.ts';

/** What the functions of the query app are built from. */
export interface QueriesApp {
  readonly authenticate: Authenticate;
  readonly database: Database;
  /** How long (ms) a stream of changes may be open. */
  readonly changesStreamMs: number;
  readonly clientGone: ClientGone;
  /** Aborted when the app stops. */
  readonly stopping: AbortSignal;
  close(): void;
}

/** Builds the app. Nothing is sent to the read database before the first query. */
export function createQueriesApp(config: QueriesConfig): QueriesApp {
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase, 'Session');
  const stopping = new AbortController();
  return {
    authenticate: createAuthenticate(config.auth),
    database,
    changesStreamMs: config.changesStreamMs,
    clientGone: watchClients(),
    stopping: stopping.signal,
    close: () => {
      stopping.abort();
      close();
    },
  };
}
