import { setImmediate } from 'node:timers/promises';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { type CustomerKeys, createCustomerKeys } from '../../src/sync/customer-keys/customer-keys.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import type { EventLog } from '../../src/sync/database/sync-database.ts';
import type { PoisonEvent } from '../../src/sync/dead-letters/dead-letters.ts';
import type { Projection } from '../../src/sync/projections/projection.ts';
import type { DocumentStore } from '../../src/sync/projector/document-store.ts';
import { decodeBatch, projectDecoded } from '../../src/sync/projector/projector.ts';
import type { ContainerDocuments } from '../cosmos-db/container-documents.ts';
import { type CosmosDbServer, startCosmosDb } from '../cosmos-db/server.ts';
import { occasionally } from '../occasionally.ts';
import { createContainers, READ_DATABASE } from '../read-database.ts';
import { inProcessDocuments } from './in-process-documents.ts';
import { keepDeadLetters } from './keep-dead-letters.ts';
import { timeLeft } from './time-left.ts';

/** What to rebuild, and where. */
export interface Rebuild {
  readonly projections: readonly Projection<unknown>[];
  /** Names of containers that must be replaced by new ones. */
  readonly replaced: readonly string[];
  /** Paths of the write store, of the read models and of the master key. */
  readonly writeStore: string;
  readonly cosmosDb: string;
  readonly masterKey: string;
  readonly say: (line: string) => void;
  /** Aborts between two pages of the log. */
  readonly signal?: AbortSignal | undefined;
}

/** Events per page of the log. The documents of a page are written together, so that those with many events are written seldom. */
const PAGE_SIZE = 2_000;

/**
 * Folds the log into read models in this process, with the projections of the sync app and without the hub: much cheaper than publishing
 * the log. Documents that exist stay, and get what they lack: a projection ignores an event that it has already applied. An event that
 * is committed during the rebuild is not published yet, so that it arrives through the hub. Nothing else may use the read models.
 * @throws the reason of `signal` when it aborts; the read models are then incomplete
 */
export async function rebuildReadModels(rebuild: Rebuild): Promise<void> {
  const { writeStore, cosmosDb, masterKey, replaced } = rebuild;
  const server = await startCosmosDb({ port: 0, file: cosmosDb });
  const database = await openSyncDatabase(`sqlite:${writeStore}`, { runtime: systemRuntime });
  try {
    await createContainers(server.connectionString, replaced);
    const customerKeys = createCustomerKeys(
      (ids) => database.readCustomerKeys(ids),
      openMasterKey({ kind: 'file', path: masterKey }, systemRuntime),
      systemRuntime,
    );
    if (rebuild.projections.length > 0) await fold(database.log, server, { ...rebuild, customerKeys });
  } finally {
    await database.close();
    await server.close();
  }
}

async function fold(
  log: EventLog,
  server: CosmosDbServer,
  { projections, customerKeys, say, signal }: Rebuild & { readonly customerKeys: CustomerKeys },
): Promise<void> {
  const runtime = systemRuntime;
  const addDeadLetters = keepDeadLetters(documentsOf(server, DEAD_LETTERS.name), runtime);
  const readModels = projections.map((projection) => {
    const documents: DocumentStore<unknown> = inProcessDocuments(
      documentsOf(server, projection.container.name),
      projection.container,
      runtime,
    );
    return { projection, documents };
  });
  const { events: total } = await log.count();
  const sayProgress = progressOf(total, say);
  let done = 0;
  for await (const events of pagesOf(log)) {
    signal?.throwIfAborted();
    const received = events.map(({ body }, index) => ({ body, partitionId: 'log', sequenceNumber: done + index }));
    const { decoded, poison } = await decodeBatch(received, 'rebuild', customerKeys);
    // The log has customers before orders, whose documents copy their names: projected together, those orders would be projected twice.
    const byType = [...Map.groupBy(decoded, ({ event }) => event.aggregateType).values()];
    for (const { projection, documents } of readModels) {
      const failed: PoisonEvent[] = [];
      for (const some of byType) failed.push(...(await projectDecoded(some, projection, { documents, runtime })));
      addDeadLetters(projection.container.readModel, [...poison, ...failed]);
    }
    server.commit();
    done += events.length;
    sayProgress(done);
    await setImmediate(); // signals are handled between two pages
  }
}

function documentsOf(server: CosmosDbServer, container: string): ContainerDocuments {
  const documents = server.documents(READ_DATABASE, container);
  if (documents === undefined) throw new Error(`There is no container ${container}.`);
  return documents;
}

async function* pagesOf(log: EventLog) {
  let page = await log.page({ limit: PAGE_SIZE });
  while (true) {
    yield page.events;
    if (page.next === undefined) return;
    page = await log.page({ after: page.next, limit: PAGE_SIZE });
  }
}

/** Prints every two seconds how many events are done, and how long the rest will take. */
function progressOf(total: number, say: (line: string) => void): (done: number) => void {
  const startedAt = systemRuntime.monotonicMs();
  const sayOccasionally = occasionally(say);
  return (done) => {
    if (done >= total) return;
    const left = timeLeft(done, total, systemRuntime.monotonicMs() - startedAt);
    sayOccasionally(`The read models have ${done} of ${total} events; ${left} left.`);
  };
}
