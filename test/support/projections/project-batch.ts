import { CosmosClient } from '@azure/cosmos';
import { DEAD_LETTERS } from '../../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { cosmosDeadLetters } from '../../../src/sync/dead-letters/dead-letters.ts';
import { cosmosDocumentStore } from '../../../src/sync/projector/cosmos-document-store.ts';
import type { DocumentStore } from '../../../src/sync/projector/document-store.ts';
import { projectBatch } from '../../../src/sync/projector/projector.ts';
import { noCustomerKeys } from '../events/personal-data.ts';
import { PROJECTIONS } from './projections.ts';

/** A batch of one read model. */
export interface Batch {
  readonly readModel: string;
  /** Connection string. */
  readonly cosmosDb: string;
  /** Bodies of events. */
  readonly batch: readonly string[];
}

/** Projects a batch as the function of the read model does. A test can wrap the document store. */
export async function projectBodies(
  { readModel, cosmosDb, batch }: Batch,
  wrapStore: (documents: DocumentStore<unknown>) => DocumentStore<unknown> = (documents) => documents,
): Promise<void> {
  const projection = PROJECTIONS.find(({ container }) => container.name === readModel);
  if (projection === undefined) throw new Error(`There is no read model ${readModel}.`);
  const client = new CosmosClient(cosmosDb);
  const database = client.database('orders');
  const documents = wrapStore(
    cosmosDocumentStore<unknown>(database.container(readModel), projection.container, systemRuntime),
  );
  const deadLetters = cosmosDeadLetters(database.container(DEAD_LETTERS.name), systemRuntime);
  const received = batch.map((body, sequenceNumber) => ({ body, partitionId: '0', sequenceNumber }));
  const dependencies = { documents, deadLetters, customerKeys: noCustomerKeys, runtime: systemRuntime };
  await projectBatch(received, projection, dependencies).finally(() => client.dispose());
}
