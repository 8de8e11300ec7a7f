import type { Database } from '@azure/cosmos';
import { SEARCH_INDEXES } from '../../shared/read-models/containers.ts';
import type { Clock } from '../../shared/runtime.ts';
import { readIndexNames } from '../../shared/search/index-names.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';

/** How long (ms) the name of an index is remembered. A replaced index stays longer: see `KEEP_REPLACED_MS` in src/sync/search. */
const SERVING_TTL_MS = 5_000;

/** The name of the index that answers queries, by list. */
export interface ServingIndex {
  /** Null while no index is complete. Throws the errors of the database. */
  nameOf(list: SearchList): Promise<string | null>;
  /** Forgets the name of an index that does not exist. */
  forget(list: SearchList): void;
}

/** The names in the read database. */
export function servingIndex(database: Database, { monotonicMs }: Pick<Clock, 'monotonicMs'>): ServingIndex {
  const container = database.container(SEARCH_INDEXES.name);
  const known = new Map<SearchList['name'], { readonly name: string | null; readonly until: number }>();
  return {
    nameOf: async (list) => {
      const remembered = known.get(list.name);
      if (remembered !== undefined && monotonicMs() < remembered.until) return remembered.name;
      const { serving } = (await readIndexNames(container, list)).names;
      known.set(list.name, { name: serving, until: monotonicMs() + SERVING_TTL_MS });
      return serving;
    },
    forget: ({ name }) => void known.delete(name),
  };
}
