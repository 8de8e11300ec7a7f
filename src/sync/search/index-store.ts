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

/** A record whose state is not, or may not be, in the indexes. */
export interface PendingRecord {
  readonly record: DocumentKey;
  readonly etag: string;
}

/** What the read database keeps about the indexes of one list. Methods throw TransientFault. */
export interface IndexStore {
  names(): Promise<{ readonly names: IndexNames; readonly etag: string | undefined }>;
  /** Returns the new ETag; undefined when another instance has changed the names. */
  saveNames(names: IndexNames, etag: string | undefined): Promise<string | undefined>;
  /** Keeps records, so that they are indexed later. */
  addPending(records: readonly DocumentKey[]): Promise<void>;
  /** Up to 100 pending records. */
  pending(): Promise<readonly PendingRecord[]>;
  countPending(): Promise<number>;
  /** Removes records, except those that were added again since they were read. */
  removePending(records: readonly PendingRecord[]): Promise<void>;
}

interface PendingDocument {
  readonly id: string;
  readonly list: SearchList['name'];
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
  return {
    names: () => readIndexNames(container, list).catch(transient),
    saveNames: (names, etag) => saveNames(container, { id: INDEX_NAMES_ID, list: list.name, ...names }, etag),
    addPending: (records) => {
      const operation = (record: DocumentKey) => {
        const { partitionKey: ofRecord, id: recordId } = record;
        const resourceBody = { id: searchKey(list, record), list: list.name, partitionKey: ofRecord, recordId };
        return { operationType: 'Upsert' as const, partitionKey, resourceBody };
      };
      return write(records.map(operation), []);
    },
    pending: async () => {
      const query = `SELECT TOP ${MAX_PENDING} * FROM c WHERE IS_DEFINED(c.recordId)`;
      const found = await find<PendingDocument & { readonly _etag: string }>(container, query, partitionKey);
      return found.map(({ partitionKey: ofRecord, recordId: id, _etag: etag }) => ({
        record: { partitionKey: ofRecord, id },
        etag,
      }));
    },
    countPending: async () => {
      const query = 'SELECT VALUE COUNT(1) FROM c WHERE IS_DEFINED(c.recordId)';
      const counts = await find<number>(container, query, partitionKey);
      return counts.reduce((sum, count) => sum + count, 0);
    },
    removePending: (records) => {
      const operation = ({ record, etag: ifMatch }: PendingRecord) => {
        return { operationType: 'Delete' as const, partitionKey, id: searchKey(list, record), ifMatch };
      };
      // Gone already, or added again.
      return write(records.map(operation), [404, 412]);
    },
  };
}

async function find<Result>(container: Container, query: string, partitionKey: string): Promise<readonly Result[]> {
  const options = { partitionKey, maxItemCount: -1 };
  return (await container.items.query<Result>(query, options).fetchAll().catch(transient)).resources;
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
