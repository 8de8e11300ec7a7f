import { CosmosClient, type Database } from '@azure/cosmos';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { type AiSearchServer, startAiSearch } from '../../../local/ai-search/server.ts';
import { type CosmosDbServer, startCosmosDb } from '../../../local/cosmos-db/server.ts';
import { createContainers, READ_DATABASE } from '../../../local/read-database.ts';
import type { QueriesApp } from '../../../src/queries/app.ts';
import { getProducts } from '../../../src/queries/catalogue/get-products.ts';
import { getCustomers } from '../../../src/queries/customers/get-customers.ts';
import { searchOrders } from '../../../src/queries/orders/search-orders.ts';
import { createCallerLimits } from '../../../src/queries/reading/caller-limits.ts';
import { openSearchSource } from '../../../src/queries/search/open-search-source.ts';
import type { Role } from '../../../src/shared/auth/authenticate.ts';
import type { SearchConnection } from '../../../src/shared/config/search.ts';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { HttpFunction } from '../../../src/shared/functions/app-function.ts';
import type { Runtime } from '../../../src/shared/runtime.ts';
import { searchOpener } from '../../../src/shared/search/open-search.ts';
import { SEARCH_LISTS } from '../../../src/shared/search/search-lists.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { projectorOf } from '../../../src/sync/projector/projector-of.ts';
import { openSearchIndexer } from '../../../src/sync/search/open-search-indexer.ts';
import type { SearchIndexer } from '../../../src/sync/search/search-indexer.ts';
import { noCustomerKeys } from '../events/personal-data.ts';
import { PROJECTIONS } from '../projections/projections.ts';

/** The read models of the searchable lists, and the queries that search them, on the stand-ins. */
export interface SearchFixture {
  readonly cosmosDb: CosmosDbServer;
  /** Undefined where Cosmos DB is searched. */
  readonly aiSearch: AiSearchServer | undefined;
  readonly database: Database;
  readonly indexers: readonly SearchIndexer[];
  /** Indexers of another instance, or with another generation of the indexes. */
  indexersOf(generation?: number, runtime?: Runtime): readonly SearchIndexer[];
  /** Projects events as the sync app does, one batch per read model. */
  project(events: readonly EventEnvelope[], indexers?: readonly SearchIndexer[]): Promise<void>;
  /** Builds what is missing, and indexes what is pending. */
  maintain(indexers?: readonly SearchIndexer[]): Promise<void>;
  /** Sends a GET, such as `/products?q=lamp`. */
  get(pathAndQuery: string, role?: Role): Promise<SearchAnswer>;
  close(): Promise<void>;
}

export interface SearchAnswer {
  readonly status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any;
}

const ROUTES: Readonly<Record<string, (app: QueriesApp) => HttpFunction>> = {
  '/orders': searchOrders,
  '/products': getProducts,
  '/customers': getCustomers,
};

/** @param service the service that searches the lists */
export async function openSearchFixture(service: 'cosmos-db' | 'ai-search'): Promise<SearchFixture> {
  const cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
  const aiSearch = service === 'ai-search' ? await startAiSearch({ port: 0 }) : undefined;
  const client = new CosmosClient(cosmosDb.connectionString);
  const database = client.database(READ_DATABASE);
  const connection = aiSearch && { endpoint: aiSearch.endpoint, clientId: undefined, apiKey: aiSearch.apiKey };
  const indexersOf = (generation = 1, runtime: Runtime = systemRuntime) =>
    connection === undefined ? [] : openIndexers(connection, { database, generation, runtime });
  const indexers = indexersOf();
  // No name of an index is remembered, so that a switch is seen at once.
  const source = openSearchSource(connection, database, { monotonicMs: () => Number.POSITIVE_INFINITY });
  const maintain: SearchFixture['maintain'] = async (some = indexers) => {
    for (const one of some) await one.maintain(Number.POSITIVE_INFINITY);
  };
  return {
    ...{ cosmosDb, aiSearch, database, indexers, indexersOf, maintain },
    project: (events, searchIndexers = indexers) => projectAll(events, { database, searchIndexers }),
    get: (pathAndQuery, role = 'admin') => get(appOf(role, { database, search: source }), pathAndQuery),
    close: async () => {
      client.dispose();
      await aiSearch?.close();
      await cosmosDb.close();
    },
  };
}

function openIndexers(
  connection: SearchConnection,
  dependencies: { readonly database: Database; readonly generation: number; readonly runtime: Runtime },
): readonly SearchIndexer[] {
  const search = searchOpener(connection);
  return SEARCH_LISTS.map((list) => openSearchIndexer(list, { ...dependencies, search }));
}

let sequenceNumber = 0;

async function projectAll(
  events: readonly EventEnvelope[],
  app: { readonly database: Database; readonly searchIndexers: readonly SearchIndexer[] },
): Promise<void> {
  const searched = new Set(SEARCH_LISTS.map(({ container }) => container.name));
  const received = events.map((event) => {
    return { body: JSON.stringify(event), partitionId: '0', sequenceNumber: ++sequenceNumber };
  });
  for (const projection of PROJECTIONS.filter(({ container }) => searched.has(container.name))) {
    const projector = projectorOf({ ...app, customerKeys: noCustomerKeys, runtime: systemRuntime }, projection);
    await projector.projectBatch(received);
  }
}

const appOf = (role: Role, app: Pick<QueriesApp, 'database' | 'search'>): QueriesApp => ({
  ...app,
  runtime: systemRuntime,
  authenticate: async () => ({ userId: 'caller', roles: new Set([role]), customerId: undefined }),
  catalogueAnonymous: false,
  developmentTokenPort: undefined,
  webPubSub: () => Promise.reject(new Error('not here')),
  callerLimits: createCallerLimits(systemRuntime),
  reports: undefined,
  close: async () => undefined,
});

async function get(app: QueriesApp, pathAndQuery: string): Promise<SearchAnswer> {
  const url = new URL(pathAndQuery, 'http://localhost');
  const route = ROUTES[url.pathname];
  if (route === undefined) throw new Error(`There is no route ${url.pathname}.`);
  const request = new HttpRequest({ method: 'GET', url: url.href, headers: { authorization: 'Bearer token' } });
  const answer = await route(app).handler(request, new InvocationContext({ logHandler: () => undefined }));
  const { status, jsonBody, body } = answer as { status?: number; jsonBody?: unknown; body?: string };
  return { status, body: jsonBody ?? JSON.parse(body ?? 'null') };
}
