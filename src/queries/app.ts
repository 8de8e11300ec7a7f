import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { QueriesConfig } from '../shared/config.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import type { Runtime } from '../shared/runtime.ts';
import { type WebPubSub, webPubSubOpener } from '../shared/web-pubsub/open-web-pubsub.ts';
import { type CallerLimits, createCallerLimits } from './reading/caller-limits.ts';
import { openReports, type Reports } from './reports/open-reports.ts';
import { openSearchSource } from './search/open-search-source.ts';
import type { SearchSource } from './search/search-source.ts';

/** What the functions of the query app are built from. */
export interface QueriesApp {
  readonly runtime: Runtime;
  readonly authenticate: Authenticate;
  readonly database: Database;
  /** Where the lists of orders, products and customers are searched. */
  readonly search: SearchSource;
  /** Whether the catalogue can be read without a token. */
  readonly catalogueAnonymous: boolean;
  /** The port of 127.0.0.1 where the documentation page gets tokens; undefined in Azure. */
  readonly developmentTokenPort: number | undefined;
  readonly webPubSub: () => Promise<WebPubSub>;
  readonly callerLimits: CallerLimits;
  /** Undefined without a data lake. */
  readonly reports: Reports | undefined;
  close(): Promise<void>;
}

/** Builds the app. Nothing is opened before it is needed. */
export function createQueriesApp(config: QueriesConfig, runtime: Runtime): QueriesApp {
  const reports = openReports(config, runtime);
  const { database, close } = openReadDatabase(config.cosmos, config.cosmosDatabase, 'Session');
  return {
    runtime,
    authenticate: createAuthenticate(config.auth, runtime),
    database,
    search: openSearchSource(config.search, database, runtime),
    catalogueAnonymous: config.catalogueAnonymous,
    developmentTokenPort: config.developmentTokenPort,
    webPubSub: webPubSubOpener(config.webPubSub, config.webPubSubHub),
    callerLimits: createCallerLimits(runtime),
    reports,
    close: async () => {
      close();
      await reports?.close();
    },
  };
}
