import { ORDER_EVENTS_HUB } from '../../shared/event-hubs/hub.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import type { SyncApp } from '../app.ts';
import { cosmosDeadLetters } from '../dead-letters/dead-letters.ts';
import type { Projection } from '../projections/projection.ts';
import { cosmosDocumentStore } from './cosmos-document-store.ts';
import { type Projected, type ProjectedBatch, projectBatch, projectEvents, type ReceivedEvent } from './projector.ts';

/** Projects events into one read model. */
export interface Projector {
  /** Projects a batch; poison events become dead letters. */
  projectBatch<Received extends ReceivedEvent>(received: readonly Received[]): Promise<ProjectedBatch<Received>>;
  /** Projects a batch; returns the projected and the poison events. */
  projectEvents(received: readonly ReceivedEvent[]): Promise<Projected>;
}

/** Maximum size (characters) of the documents that the projector of a read model remembers: those of the last thousands of events. */
export const REMEMBERED_SIZE = 4 * 1024 * 1024;

/**
 * Creates the projector of a read model on the app's databases.
 * @param hub the hub that the events come from, for their spans; absent for dead letters
 */
export function projectorOf(
  {
    database,
    customerKeys,
    searchIndexers,
    runtime,
  }: Pick<SyncApp, 'database' | 'customerKeys' | 'searchIndexers' | 'runtime'>,
  projection: Projection<unknown>,
  hub?: string,
): Projector {
  // Events of a replay and dead letters have mostly been projected before.
  const readsAll = hub !== ORDER_EVENTS_HUB;
  const { container } = projection;
  const documents = cosmosDocumentStore<unknown>(
    database.container(container.name),
    container,
    runtime,
    readsAll ? 0 : REMEMBERED_SIZE,
  );
  const deadLetters = cosmosDeadLetters(database.container(DEAD_LETTERS.name), runtime);
  const afterWrite = searchIndexers.find(({ list }) => list.container.name === container.name)?.update;
  const dependencies = { documents, customerKeys, runtime, hub, readsAll, afterWrite };
  return {
    projectBatch: (received) => projectBatch(received, projection, { ...dependencies, deadLetters }),
    projectEvents: (received) => projectEvents(received, projection, dependencies),
  };
}
