import type { SyncConfig } from '../shared/config.ts';
import { type Container, DEAD_LETTERS } from '../shared/read-models/containers.ts';
import { openReadDatabase } from '../shared/read-models/open-database.ts';
import { cosmosDeadLetters } from './dead-letters.ts';
import { cosmosDocumentStore } from './document-store.ts';
import type { ProjectorDependencies } from './projector.ts';

let opened: ReturnType<typeof openReadDatabase> | undefined;

/** Opens the read database that the projections write to; the app's entry calls it once, before any function runs. */
export function configureRuntime(config: SyncConfig): ReturnType<typeof openReadDatabase> {
  opened = openReadDatabase(config.cosmos, config.cosmosDatabase);
  return opened;
}

/** What the projection of one container works with. */
export function dependenciesOf<Document>({ name }: Container): ProjectorDependencies<Document> {
  if (opened === undefined) throw new Error('The sync app is not configured.');
  const { database } = opened;
  const now = () => new Date();
  return {
    documents: cosmosDocumentStore(database.container(name), now),
    deadLetters: cosmosDeadLetters(database.container(DEAD_LETTERS.name), now),
  };
}
