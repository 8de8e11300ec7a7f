import type { Container } from '@azure/cosmos';
import type { SearchList } from './search-lists.ts';

/** Which indexes of a list there are. Kept in the read database, where writers and queries read it. */
export interface IndexNames {
  /** The index that answers queries; null while none is complete, when Cosmos DB answers. */
  readonly serving: string | null;
  /** The index that is being filled. It already gets every change. */
  readonly building: string | null;
  /** The sort key of the last record that was put into `building`; null: none yet. */
  readonly filledTo: string | null;
  /** Indexes that get no changes any more, and are deleted a while after `replacedAt` (ISO 8601 UTC). */
  readonly replaced: readonly string[];
  readonly replacedAt: string | null;
}

export const NO_INDEX: IndexNames = { serving: null, building: null, filledTo: null, replaced: [], replacedAt: null };

/** The document with the names of a list's indexes. Pending records have other ids, because the name of an index has no `!`. */
export interface IndexNamesDocument extends IndexNames {
  readonly id: typeof INDEX_NAMES_ID;
  readonly list: SearchList['name'];
}

export const INDEX_NAMES_ID = '!indexes';

/** Reads the names with one point read. Throws the errors of the database. */
export async function readIndexNames(
  container: Container,
  list: SearchList,
): Promise<{ readonly names: IndexNames; readonly etag: string | undefined }> {
  const { resource, etag } = await container.item(INDEX_NAMES_ID, list.name).read<IndexNamesDocument>();
  return resource === undefined ? { names: NO_INDEX, etag: undefined } : { names: resource, etag };
}
