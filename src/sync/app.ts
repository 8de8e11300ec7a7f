import type { Database } from '@azure/cosmos';
import { type Authenticate, createAuthenticate } from '../shared/auth/authenticate.ts';
import type { SyncConfig } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { lazyResource } from '../shared/lazy-resource.ts';
import type { MasterKey } from '../shared/personal-data/master-key.ts';
import { openMasterKey } from '../shared/personal-data/open-master-key.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import type { Runtime } from '../shared/runtime.ts';
import { searchOpener } from '../shared/search/open-search.ts';
import { SEARCH_LISTS } from '../shared/search/search-lists.ts';
import { type WebPubSub, webPubSubOpener } from '../shared/web-pubsub/open-web-pubsub.ts';
import { lazyReplica, type ReplicaReads, replicaReads } from '../shared/write-database/replica.ts';
import { type CustomerKeys, createCustomerKeys } from './customer-keys/customer-keys.ts';
import { openSyncDatabase } from './database/open-sync-database.ts';
import type { ReadableDatabase, SyncDatabase } from './database/sync-database.ts';
import type { PartitionLag } from './lag/lag.ts';
import type { ReadModelProjection } from './projections/projections.ts';
import type { openReplayHub, ReplayHub } from './replay/replay-hub.ts';
import { cosmosReplayStore, type ReplayStore } from './replay/replay-store.ts';
import { openSearchIndexer } from './search/open-search-indexer.ts';
import type { SearchIndexer } from './search/search-indexer.ts';
import { createPostMessage, type PostMessage } from './webhooks/post-message.ts';
import { type WebhookStore, webhookStore } from './webhooks/webhook-store.ts';

/** What the functions of the sync app are built from. */
export interface SyncApp {
  readonly config: SyncConfig;
  readonly projections: readonly ReadModelProjection[];
  readonly runtime: Runtime;
  readonly authenticate: Authenticate;
  /** The read database. */
  readonly database: Database;
  /** The write database, opened by the first call. Rejects when it cannot be reached; the next call tries again. */
  writeDatabase(): Promise<SyncDatabase>;
  /** The readable replica of the write database; undefined if there is none. */
  readonly replica: (() => Promise<ReadableDatabase>) | undefined;
  /** Reads of the event log, which the replica may answer. */
  readonly logReads: ReplicaReads<ReadableDatabase>;
  readonly masterKey: MasterKey;
  readonly customerKeys: CustomerKeys;
  readonly replays: ReplayStore;
  /** Opens connections to the hub of replays. */
  openReplayHub(warn: (text: string) => void): Promise<ReplayHub>;
  readonly webhooks: WebhookStore;
  /** Sends messages to partners. */
  readonly postMessage: PostMessage;
  readonly webPubSub: () => Promise<WebPubSub>;
  /** The indexes of Azure AI Search, one indexer per list; none without that service. */
  readonly searchIndexers: readonly SearchIndexer[];
  /** How far each read model is behind now, by partition. */
  readLag(): Promise<readonly PartitionLag[]>;
  close(): Promise<void>;
}

/** How the app opens the services that it depends on. A simulation replaces them. */
export interface SyncEdges {
  readonly openReadDatabase: typeof openReadDatabase;
  readonly openSyncDatabase: typeof openSyncDatabase;
  readonly openMasterKey: typeof openMasterKey;
  readonly webPubSubOpener: typeof webPubSubOpener;
  readonly openReplayHub: typeof openReplayHub;
  readonly createPostMessage: typeof createPostMessage;
  readonly createAuthenticate: typeof createAuthenticate;
  readonly searchOpener: typeof searchOpener;
}

const AZURE: SyncEdges = {
  openReadDatabase,
  openSyncDatabase,
  openMasterKey,
  webPubSubOpener,
  createPostMessage,
  createAuthenticate,
  searchOpener,
  // Loaded by the first call, because the Storage SDK is slow to load.
  openReplayHub: async (...options) => (await import('./replay/replay-hub.ts')).openReplayHub(...options),
};

/** Builds the app. Connections are opened when they are first needed. */
export function createSyncApp(
  config: SyncConfig,
  projections: readonly ReadModelProjection[],
  runtime: Runtime,
  edges: SyncEdges = AZURE,
): SyncApp {
  const { eventHub, storage, sql } = config;
  const { database, close } = edges.openReadDatabase(config.cosmos, config.cosmosDatabase);
  const tokenCredential = appCredential(sql.identityClientId);
  const writeDatabase = lazyResource(() => edges.openSyncDatabase(sql.connectionString, { tokenCredential, runtime }));
  const replica = lazyReplica<ReadableDatabase & Pick<SyncDatabase, 'close'>>(
    sql.replicaConnectionString,
    (connectionString) => openSyncDatabase(connectionString, { tokenCredential, runtime, isReplica: true }),
  );
  const lagReader = lazyResource(async () => {
    // Loaded by the first call, because the Storage SDK is slow to load.
    const { openLagReader } = await import('./lag/lag.ts');
    return openLagReader(eventHub, storage, runtime);
  });
  const readCustomerKeys = async (ids: readonly string[]) => (await writeDatabase.get()).readCustomerKeys(ids);
  const masterKey = edges.openMasterKey(config.masterKey, runtime);
  return {
    config,
    projections,
    runtime,
    authenticate: edges.createAuthenticate(config.auth, runtime),
    database,
    writeDatabase: writeDatabase.get,
    replica: replica?.get,
    logReads: replicaReads({ primary: writeDatabase.get, replica: replica?.get }, runtime),
    masterKey,
    customerKeys: createCustomerKeys(readCustomerKeys, masterKey, runtime),
    replays: cosmosReplayStore(database),
    openReplayHub: (warn) => edges.openReplayHub(config, warn, runtime),
    webhooks: webhookStore(async () => (await writeDatabase.get()).webhooks),
    postMessage: edges.createPostMessage(config.webhooks, runtime),
    webPubSub: edges.webPubSubOpener(config.webPubSub, config.webPubSubHub),
    searchIndexers: searchIndexers(config, { database, runtime, opener: edges.searchOpener }),
    readLag: async () => (await lagReader.get()).read(),
    close: async () => {
      close();
      await lagReader.close();
      await replica?.close();
      await writeDatabase.close();
    },
  };
}

interface IndexerServices {
  readonly database: Database;
  readonly runtime: Runtime;
  readonly opener: SyncEdges['searchOpener'];
}

function searchIndexers({ search, searchIndexes }: SyncConfig, { database, runtime, opener }: IndexerServices) {
  if (search === undefined) return [];
  const dependencies = { database, search: opener(search), generation: searchIndexes.generation, runtime };
  return SEARCH_LISTS.map((list) => openSearchIndexer(list, dependencies));
}
