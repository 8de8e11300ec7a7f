/**
 * Azure Cosmos DB for NoSQL on this machine, in memory or with a file, for the unmodified SDK over plain HTTP. What it does and does not do:
 * README.md.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { portOf } from '../listening-server.ts';
import { CosmosAccount } from './account.ts';
import type { ContainerDocuments } from './container-documents.ts';
import { memoryStore, openFileStore } from './document-store.ts';
import type { CosmosFault } from './faults.ts';
import { Front } from './front.ts';
import { PhysicalPartitions } from './physical-partitions.ts';
import type { RequestLog } from './request-log.ts';
import { Throughput } from './throughput.ts';

export interface CosmosDbServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** With the emulator's public key. */
  readonly connectionString: string;
  /** What reached it since the start or the last reset. */
  readonly requests: RequestLog;
  /** @returns stops injecting */
  injectFault(fault: CosmosFault): () => void;
  /** The documents of a container, for a program that changes many of them in this process. Undefined when there is no such container. */
  documents(database: string, container: string): ContainerDocuments | undefined;
  /** Commits the changes of such a program. */
  commit(): void;
  /** Cuts open connections; resolves when the port is free. Without a file, what was stored is lost. */
  close(): Promise<void>;
}

export interface CosmosDbOptions {
  /** 0 picks a free one; default 8081. */
  readonly port?: number;
  /** SQLite file that keeps everything. Default: it is in memory only. */
  readonly file?: string;
  /** Physical partitions of each container. Default: 1. */
  readonly partitions?: number;
  /** Request units per second of each physical partition; above it is 429. Default: no limit. */
  readonly requestUnitsPerSecond?: number;
  /** Milliseconds since 1970, for times to live and request units per second. Default: the system's clock. */
  readonly now?: () => number;
}

/** https://learn.microsoft.com/azure/cosmos-db/emulator#authentication */
const EMULATOR_KEY = 'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==';
const HOST = '127.0.0.1';
/** Longer than any client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts the server on the loopback interface.
 * @throws Node's error, with code `EADDRINUSE` when the port is taken; when the file cannot be used
 */
export async function startCosmosDb(options: CosmosDbOptions = {}): Promise<CosmosDbServer> {
  const { port = 8081, file, partitions = 1, requestUnitsPerSecond, now = Date.now } = options;
  const store = file === undefined ? memoryStore : await openFileStore(file);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }).listen(port, HOST);
  await once(server, 'listening').catch((error: unknown) => {
    store.close();
    throw error;
  });
  const listeningPort = portOf(server);
  const endpoint = `http://${HOST}:${listeningPort}`;
  const account = new CosmosAccount(new URL(endpoint), store, { partitions: new PhysicalPartitions(partitions), now });
  const throughput = requestUnitsPerSecond === undefined ? undefined : new Throughput({ requestUnitsPerSecond, now });
  const front = new Front(account, { key: EMULATOR_KEY, throughput });
  server.on('request', (request, response) => {
    front.serve(request, response).catch((error) => response.destroy(error));
  });
  return {
    port: listeningPort,
    endpoint,
    connectionString: `AccountEndpoint=http://localhost:${listeningPort}/;AccountKey=${EMULATOR_KEY};`,
    requests: front.requests,
    injectFault: (fault) => front.faults.inject(fault),
    documents: (database, container) => account.container(database, container)?.documents,
    commit: () => account.commit(),
    close: async () => {
      await close(server);
      store.close();
    },
  };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
