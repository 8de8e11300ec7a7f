import type { Environment } from '../../src/shared/config/environment.ts';
import { type CommandsConfig, commandsConfig, type SyncConfig, syncConfig } from '../../src/shared/config.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import { ISSUER } from './edges/issuer.ts';

const ENVIRONMENT: Environment = {
  ...ISSUER,
  SQL_CONNECTION_STRING: 'sqlite::memory:',
  MASTER_KEY: 'https://vault.example/secrets/master',
  EventHubConnection: 'Endpoint=sb://simulated',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  CosmosConnection: 'AccountEndpoint=https://simulated',
  WebPubSubConnection: 'Endpoint=https://simulated',
};
/** Orders expire within a run, and keys are rewrapped several times. */
const EXPIRE_AFTER_MS = 15_000;
/** Events are archived within a run, but after their clients have stopped to send the commands again. */
const ARCHIVE_AFTER_MS = 90_000;
export const COMMANDS_CONFIG: CommandsConfig = {
  ...commandsConfig(ENVIRONMENT),
  orderExpiry: { schedule: '*/10 * * * * *', expireAfterMs: EXPIRE_AFTER_MS },
  eventArchive: { schedule: '*/15 * * * * *', archiveAfterMs: ARCHIVE_AFTER_MS },
  keyRotation: { schedule: '*/15 * * * * *' },
};
export const SYNC_CONFIG = syncConfig(ENVIRONMENT);

/** The configuration with Azure AI Search. */
const WITH_SEARCH = syncConfig({ ...ENVIRONMENT, SEARCH_ENDPOINT: 'https://simulated.search.windows.net' });

/** The configuration of a process that wants this generation of the indexes; undefined: no search. */
export function syncConfigWith(generation: number | undefined): SyncConfig {
  if (generation === undefined) return SYNC_CONFIG;
  return { ...WITH_SEARCH, searchIndexes: { ...WITH_SEARCH.searchIndexes, generation } };
}

/** Most events in a page of the log, so that replays read several. */
const PAGE = 10;

/** A database whose log has small pages. */
export function withSmallPages({ log, ...database }: SyncDatabase): SyncDatabase {
  return { ...database, log: { ...log, page: (request) => log.page({ ...request, limit: PAGE }) } };
}
