import type { Database } from '@azure/cosmos';
import { SEARCH_INDEXES } from '../../shared/read-models/containers.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { INDEX_NAMES_ID } from '../../shared/search/index-names.ts';
import { SEARCH_LISTS } from '../../shared/search/search-lists.ts';
import { runBulk } from '../projector/bulk.ts';

/**
 * Forgets the indexes of Azure AI Search in an app that does not keep them up to date any more. If the service is used again, the
 * indexes are built again and have no gap. One request. Throws TransientFault.
 */
export async function forgetIndexes(
  database: Database,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): Promise<void> {
  const names = SEARCH_LISTS.map((list) => {
    return { operationType: 'Delete' as const, id: INDEX_NAMES_ID, partitionKey: list.name };
  });
  await runBulk(database.container(SEARCH_INDEXES.name), names, runtime);
}
