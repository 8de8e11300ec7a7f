/** The account: its databases and containers are run by @vercel/cosmosdb-server, their documents here. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Account, route } from './commonjs-modules.ts';
import { ContainerDocuments } from './container-documents.ts';
import { containerRids, restoreDefinitions, saveDefinitions } from './definitions.ts';
import type { DocumentStore } from './document-store.ts';
import { type Answer, problem } from './http-exchange.ts';
import { termCounter } from './index-terms.ts';
import type { PhysicalPartitions } from './physical-partitions.ts';
import type { QueryRequest } from './query.ts';
import { isJsonObject } from './stored-document.ts';

export interface Container {
  readonly rid: string;
  readonly documents: ContainerDocuments;
  readonly compositeIndexes: QueryRequest['compositeIndexes'];
}

export interface AccountOptions {
  readonly partitions: PhysicalPartitions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class CosmosAccount {
  readonly #endpoint: string;
  readonly #account: InstanceType<typeof Account>;
  readonly #store: DocumentStore;
  readonly #options: AccountOptions;
  /** By database and id, until a definition changes. */
  readonly #containers = new Map<string, Container>();
  /** By the container's resource id: it survives a change of the container's definition, and a container that is created again has a new one. */
  readonly #documents = new Map<string, ContainerDocuments>();

  /**
   * @param endpoint what the account names as its only region, so that clients come back here
   * @param store keeps its databases, containers and documents
   */
  constructor(endpoint: URL, store: DocumentStore, options: AccountOptions) {
    this.#options = options;
    this.#endpoint = endpoint.href;
    this.#account = new Account(endpoint.hostname, Number(endpoint.port));
    this.#store = store;
    if (store.definitions !== undefined) restoreDefinitions(this.#account.databases, store.definitions);
  }

  /** Commits what was written. Call it before answering a request. */
  commit(): void {
    this.#store.commit();
  }

  container(database: string, id: string): Container | undefined {
    const key = `${database}/${id}`;
    const known = this.#containers.get(key) ?? this.#defined(database, id);
    if (known !== undefined) this.#containers.set(key, known);
    return known;
  }

  #defined(database: string, id: string): Container | undefined {
    const definition = this.#account.database(database)?.collection?.(id)?.read();
    if (definition === undefined || definition === null) return undefined;
    const documents =
      this.#documents.get(definition._rid) ??
      new ContainerDocuments({
        rid: definition._rid,
        self: `${definition._self}/`,
        partitionKeyPaths: definition.partitionKey?.paths ?? ['/id'],
        store: this.#store.container(definition._rid),
        ...this.#options,
      });
    documents.defaultTtl = definition.defaultTtl ?? undefined;
    documents.countTerms = termCounter(definition.indexingPolicy ?? undefined);
    this.#documents.set(definition._rid, documents);
    const indexes = definition.indexingPolicy?.compositeIndexes ?? [];
    const compositeIndexes = indexes.map((index) => index.map(({ path, order = 'ascending' }) => ({ path, order })));
    return { rid: definition._rid, documents, compositeIndexes };
  }

  /** Answers what is not about documents; `response` is for the headers that the handlers set, it is not sent. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    const [params, handler] = route(request) ?? [];
    if (handler === undefined) return problem(400, `There is nothing at ${request.method} ${request.url}.`);
    const body = await handler(this.#account, request, response, params);
    if (request.method !== 'GET') this.#saveDefinitions();
    const status = response.statusCode;
    if (status >= 400) return { ...problem(status, body?.message ?? ''), requestCharge: 1 };
    return { status, requestCharge: 1, body: isAccountPath(request.url) ? this.#withLocations(body) : withHash(body) };
  }

  #saveDefinitions(): void {
    const { databases } = this.#account;
    this.#containers.clear();
    this.#store.saveDefinitions(saveDefinitions(databases), containerRids(databases));
  }

  #withLocations(account: object): object {
    const locations = [{ name: 'Local', databaseAccountEndpoint: this.#endpoint }];
    return { ...account, writableLocations: locations, readableLocations: locations };
  }
}

/** All containers have the second version of the hash, although a definition without a version has the first one in the service. */
function withHash(body: unknown): unknown {
  if (!isJsonObject(body) || !isJsonObject(body.partitionKey)) return body;
  const { paths } = body.partitionKey;
  const kind = Array.isArray(paths) && paths.length > 1 ? 'MultiHash' : 'Hash';
  return { ...body, partitionKey: { ...body.partitionKey, kind, version: 2 } };
}

/** The SDK writes one slash or two. */
function isAccountPath(url = ''): boolean {
  return /^\/*$/.test(url);
}
