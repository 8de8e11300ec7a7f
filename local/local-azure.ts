import {
  CONSUMER_GROUPS,
  LIVE_CONSUMER_GROUPS,
  ORDER_EVENTS_HUB,
  ORDER_EVENTS_REPLAY_HUB,
} from '../src/shared/event-hubs/hub.ts';
import type { AiSearchServer } from './ai-search/server.ts';
import type { AzuriteServer, LoadedAzurite } from './azurite.ts';
import { type CosmosDbServer, startCosmosDb } from './cosmos-db/server.ts';
import { type DevelopmentIssuer, openDevelopmentIssuer } from './development-issuer.ts';
import { type EventHubsServer, startEventHubs } from './event-hubs/server.ts';
import { filesOf } from './kept-data.ts';
import { startLake } from './lake.ts';
import { loadStorage, type StoragePorts } from './load-storage.ts';
import { createMasterKey } from './master-key-file.ts';
import { createContainers } from './read-database.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';
import { startWebPubSub, type WebPubSubServer } from './web-pubsub/server.ts';

/** Ports of the stand-ins; 0 picks a free one. */
export interface LocalAzurePorts extends StoragePorts {
  readonly eventHubs: number;
  readonly cosmosDb: number;
  readonly webPubSub: number;
}

/** Everything of Azure that the apps use, on this machine. */
export interface LocalAzure {
  readonly eventHubs: EventHubsServer;
  readonly cosmosDb: CosmosDbServer;
  readonly storage: AzuriteServer;
  readonly webPubSub: WebPubSubServer;
  /** Undefined unless asked for. */
  readonly aiSearch: AiSearchServer | undefined;
  readonly issuer: DevelopmentIssuer;
  readonly tokens: TokenServer;
  /** The settings by which the apps find it. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface LocalAzureOptions {
  /** Keeps hubs, read models and Storage in the data folder. Default: they are in memory. */
  readonly keep?: boolean;
  /** Starts Azure AI Search on this port, too. Its indexes are always in memory: the sync app fills them again. */
  readonly searchPort?: number | undefined;
  /** A Storage account that is already there, or what `loadStorage` has returned. Default: starts Azurite. */
  readonly storage?: AzuriteServer | LoadedAzurite | undefined;
}

/** Partitions of a hub: as many projections of one read model run at the same time. */
const PARTITIONS = 4;

/** The hubs of the system. */
export const LOCAL_HUBS = [
  { name: ORDER_EVENTS_HUB, partitions: PARTITIONS, consumerGroups: LIVE_CONSUMER_GROUPS },
  { name: ORDER_EVENTS_REPLAY_HUB, partitions: PARTITIONS, consumerGroups: CONSUMER_GROUPS },
];

/**
 * Starts the stand-ins and creates the hubs, the database and the containers. The master key and the
 * issuer's key are always in the data folder.
 * Throws the error of the first stand-in that cannot listen.
 */
export async function startLocalAzure(
  ports: LocalAzurePorts,
  dataFolder: string,
  { keep = false, searchPort, storage: given }: LocalAzureOptions = {},
): Promise<LocalAzure> {
  const files = filesOf(dataFolder);
  const issuer = await openDevelopmentIssuer(`${dataFolder}/development-issuer`);
  await createMasterKey(files.masterKey);
  const storage = given ?? loadStorage(ports, keep ? dataFolder : undefined);
  const started = await Promise.allSettled([
    startEventHubs({ port: ports.eventHubs, hubs: LOCAL_HUBS, ...(keep && { file: files.eventHubs }) }),
    startCosmosDb({ port: ports.cosmosDb, ...(keep && { file: files.cosmosDb }) }),
    'start' in storage ? storage.start() : storage,
    startWebPubSub({ port: ports.webPubSub }),
    startTokenServer(issuer),
    searchPort === undefined ? undefined : startSearch(searchPort),
  ]);
  const [eventHubs, cosmosDb, startedStorage, webPubSub, tokens, aiSearch] = started;
  const close = async () => {
    await Promise.all(started.map((result) => (result.status === 'fulfilled' ? result.value?.close() : undefined)));
  };
  if (
    eventHubs.status === 'rejected' ||
    cosmosDb.status === 'rejected' ||
    startedStorage.status === 'rejected' ||
    webPubSub.status === 'rejected' ||
    aiSearch.status === 'rejected' ||
    tokens.status === 'rejected'
  ) {
    await close();
    throw started.find((result) => result.status === 'rejected')?.reason;
  }
  const [lake] = await Promise.all([
    startLake(eventHubs.value, startedStorage.value.connectionString),
    createContainers(cosmosDb.value.connectionString),
  ]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    eventHubs: eventHubs.value,
    cosmosDb: cosmosDb.value,
    storage: startedStorage.value,
    webPubSub: webPubSub.value,
    aiSearch: aiSearch.value,
    issuer,
    tokens: tokens.value,
    settings: {
      EventHubConnection: eventHubs.value.connectionString,
      CosmosConnection: cosmosDb.value.connectionString,
      AzureWebJobsStorage: startedStorage.value.connectionString,
      WebPubSubConnection: webPubSub.value.connectionString,
      ...(aiSearch.value !== undefined && {
        SEARCH_ENDPOINT: aiSearch.value.endpoint,
        SEARCH_API_KEY: aiSearch.value.apiKey,
      }),
      AUTH_JWKS_URI: issuer.jwksUri,
      DEVELOPMENT_TOKEN_PORT: String(tokens.value.port),
      MASTER_KEY: `file:${files.masterKey}`,
      SQL_CONNECTION_STRING: `sqlite:${files.writeStore}`,
      ...lake.settings,
    },
    close: async () => {
      await lake.stop();
      await close();
    },
  };
}

/** Loads the stand-in only where a setting asks for it. */
async function startSearch(port: number): Promise<AiSearchServer> {
  const { startAiSearch } = await import('./ai-search/server.ts');
  return startAiSearch({ port });
}
