import { type Container, type Database, ErrorResponse, type OperationInput } from '@azure/cosmos';
import { SEARCH_INDEXES } from '../../shared/read-models/containers.ts';
import { replaceIfUnchanged } from '../../shared/read-models/replace-if-unchanged.ts';
import type { Runtime } from '../../shared/runtime.ts';
import {
  INDEX_NAMES_ID,
  type IndexNames,
  type IndexNamesDocument,
  readIndexNames,
} from '../../shared/search/index-names.ts';
import { searchKey } from '../../shared/search/search-document.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import type { DocumentKey } from '../projections/projection.ts';
import { runBulk, TransientFault } from '../projector/bulk.ts';

/** A record whose state is not, or may not be, in an index. */
export interface PendingRecord {
  /** Pending records are sorted by it. */
  readonly id: string;
  readonly record: DocumentKey;
  readonly etag: string;
}

/** What the read database keeps about the indexes of one list. Methods throw TransientFault. */
export interface IndexStore {
  names(): Promise<{ readonly names: IndexNames; readonly etag: string | undefined }>;
  /** Returns the new ETag; undefined when another instance has changed the names. */
  saveNames(names: IndexNames, etag: string | undefined): Promise<string | undefined>;
  /** Keeps records, so that they are put into an index later. */
  addPending(records: readonly DocumentKey[], indexName: string): Promise<void>;
  /**
   * Up to 100 pending records of an index.
   * @param after the id after which they start; empty: the first ones
   */
  pending(indexName: string, after: string): Promise<readonly PendingRecord[]>;
  countPending(indexName: string): Promise<number>;
  /** Removes records, except those that were added again since they were read. */
  removePending(records: readonly PendingRecord[]): Promise<void>;
}

interface PendingDocument {
  readonly id: string;
  readonly list: SearchList['name'];
  readonly indexName: string;
  readonly partitionKey: string;
  readonly recordId: string;
}

const MAX_PENDING = 100;
const CONFLICT = 409;

/** The store of a list in its Cosmos DB container. */
export function cosmosIndexStore(
  database: Database,
  list: SearchList,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): IndexStore {
  const container = database.container(SEARCH_INDEXES.name);
  const partitionKey = list.name;
  const write = async (operations: readonly OperationInput[], expected: readonly number[]) => {
    const answers = await runBulk(container, operations, runtime);
    const failed = answers.find(({ statusCode }) => statusCode >= 300 && !expected.includes(statusCode));
    if (failed !== undefined) throw new TransientFault(`A write failed with status ${failed.statusCode}.`);
  };
  const find = async <Result>(query: string, values: Readonly<Record<string, string>>): Promise<readonly Result[]> => {
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    const found = container.items.query<Result>({ query, parameters }, { partitionKey, maxItemCount: -1 });
    return (await found.fetchAll().catch(transient)).resources;
  };
  return {
    names: () => readIndexNames(container, list).catch(transient),
    saveNames: (names, etag) => saveNames(container, { id: INDEX_NAMES_ID, list: list.name, ...names }, etag),
    addPending: (records, indexName) => {
      const operation = (record: DocumentKey) => {
        const { partitionKey: ofRecord, id: recordId } = record;
        const id = `${indexName}.${searchKey(list, record)}`;
        const resourceBody = { id, list: list.name, indexName, partitionKey: ofRecord, recordId };
        return { operationType: 'Upsert' as const, partitionKey, resourceBody };
      };
      return write(records.map(operation), []);
    },
    pending: async (indexName, after) => {
      const query = `SELECT TOP ${MAX_PENDING} * FROM c WHERE c.indexName = @indexName AND c.id > @after ORDER BY c.id`;
      const found = await find<PendingDocument & { readonly _etag: string }>(query, {
        '@indexName': indexName,
        '@after': after,
      });
      return found.map(({ id, partitionKey: ofRecord, recordId, _etag: etag }) => ({
        id,
        record: { partitionKey: ofRecord, id: recordId },
        etag,
      }));
    },
    countPending: async (indexName) => {
      const query = 'SELECT VALUE COUNT(1) FROM c WHERE c.indexName = @indexName';
      const counts = await find<number>(query, { '@indexName': indexName });
      return counts.reduce((sum, count) => sum + count, 0);
    },
    removePending: (records) => {
      const operation = ({ id, etag: ifMatch }: PendingRecord) => {
        return { operationType: 'Delete' as const, partitionKey, id, ifMatch };
      };
      // Gone already, or added again.
      return write(records.map(operation), [404, 412]);
    },
  };
}

async function saveNames(
  container: Container,
  document: IndexNamesDocument,
  etag: string | undefined,
): Promise<string | undefined> {
  const place = { partitionKey: document.list, etag: etag ?? '' };
  if (etag !== undefined) return replaceIfUnchanged(container, document, place).catch(transient);
  try {
    return (await container.items.create(document)).etag;
  } catch (error) {
    if (error instanceof ErrorResponse && error.code === CONFLICT) return undefined;
    return transient(error);
  }
}

function transient(cause: unknown): never {
  throw new TransientFault('The names of the search indexes cannot be read or written.', { cause });
}
