import type { Container } from '@azure/cosmos';
import { acrossPartitions } from '../../shared/read-models/across-partitions.ts';
import { pathsOf } from '../../shared/read-models/containers.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { TransientFault } from '../projector/bulk.ts';
import type { RecordPage } from './build-index.ts';

/** Records that are read and uploaded together while an index is filled. */
const PAGE_SIZE = 100;

interface FoundRecord {
  readonly id: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Returns a function that finds a page of a list's records, highest sort key first, after a sort key. It throws TransientFault. */
export function recordPage(
  container: Container,
  { sortBy, container: searched }: SearchList,
): (after: string | null) => Promise<RecordPage> {
  // Lists have no hierarchical keys.
  const [property = ''] = pathsOf(searched).map((path) => path.slice(1));
  return async (after) => {
    const condition = after === null ? `IS_DEFINED(c.${sortBy})` : `c.${sortBy} < @after`;
    const query = `SELECT TOP ${PAGE_SIZE} c.id, c.${property} AS partitionKey, c.${sortBy} AS sortKey
      FROM c WHERE ${condition} ORDER BY c.${sortBy} DESC`;
    const spec = { query, parameters: [{ name: '@after', value: after }] };
    const { resources } = await container.items
      .query<FoundRecord>(spec, acrossPartitions(PAGE_SIZE))
      .fetchAll()
      .catch((cause: unknown) => {
        throw new TransientFault(`The records of ${container.id} cannot be read.`, { cause });
      });
    const last = resources.at(-1);
    return {
      records: resources.map(({ id, partitionKey: key }) => ({ partitionKey: key, id })),
      next: last === undefined || resources.length < PAGE_SIZE ? null : last.sortKey,
    };
  };
}
