import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { SyncApp } from '../app.ts';
import type { Target } from '../projections/projection.ts';
import { cosmosDocumentStore } from '../projector/cosmos-document-store.ts';
import type { ExportItem } from './export-page.ts';
import { EXPORTED_DOCUMENTS } from './stores.ts';

type ReadingApp = Pick<SyncApp, 'database' | 'projections' | 'runtime'>;

/** Creates a function that reads the documents of all read models that events of a customer change, each document once. */
export function documentReader({ database, projections, runtime }: ReadingApp) {
  const readBefore = new Set<string>();
  /** Returns true the first time that it gets a document, and false for the same document afterwards. */
  const isFirst = (...key: readonly string[]): boolean => {
    const { size } = readBefore;
    return readBefore.add(JSON.stringify(key)).size > size;
  };
  const unread = (container: string, { partitionKey, ids, companion }: Target): readonly Target[] => {
    const own = { partitionKey, ids: ids.filter((id) => isFirst(container, partitionKey, id)) };
    const isNew = companion !== undefined && isFirst(container, companion.partitionKey, companion.id);
    return isNew ? [own, { partitionKey: companion.partitionKey, ids: [companion.id] }] : [own];
  };
  return async (events: readonly EventEnvelope[]): Promise<readonly ExportItem[]> => {
    const items = await Promise.all(
      projections.map(async ({ projection: { container, targetsOf } }) => {
        const targets = events.flatMap(targetsOf).flatMap((target) => unread(container.name, target));
        const found = await cosmosDocumentStore<object>(database.container(container.name), container, runtime).read(
          targets,
        );
        const documents = found.flatMap((ofTarget) => [...ofTarget.values()].map(({ document }) => document));
        const isOwn = EXPORTED_DOCUMENTS[container.name] ?? (() => false);
        return documents
          .filter(isOwn)
          .map((document) => ({ store: container.name, record: withoutMetadata(document) }));
      }),
    );
    return items.flat();
  };
}

/** Removes what Cosmos DB adds to a document. */
function withoutMetadata(document: object): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')));
}
