import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { runAtomicBatch } from '../../../local/cosmos-db/atomic-batch.ts';
import type { BatchOperation } from '../../../local/cosmos-db/batch-operation.ts';
import { ContainerDocuments } from '../../../local/cosmos-db/container-documents.ts';
import { deleteDocument, upsertDocument } from '../../../local/cosmos-db/document-operations.ts';
import { DocumentSet } from '../../../local/cosmos-db/document-set.ts';
import { memoryStore } from '../../../local/cosmos-db/document-store.ts';
import { PhysicalPartitions } from '../../../local/cosmos-db/physical-partitions.ts';
import { type QueryPage, type QueryRequest, runQuery } from '../../../local/cosmos-db/query.ts';
import type { QuerySource } from '../../../local/cosmos-db/query-candidates.ts';
import { storedDocument } from '../../../local/cosmos-db/stored-document.ts';
import {
  type Batch,
  batch,
  body,
  type Change,
  change,
  compositeIndexes,
  DOCUMENTS,
  pageSize,
  parameters,
  query,
} from '../../support/cosmos-db-queries.ts';

const START_MS = 1_700_000_000_000;

/** Documents of two customers. One customer has most of the documents, so that one logical partition is large. */
class Documents {
  readonly container: ContainerDocuments;
  #now = START_MS;

  constructor(physicalPartitions: number) {
    this.container = new ContainerDocuments({
      rid: 'r',
      self: 's/',
      partitionKeyPaths: ['/customerId'],
      store: memoryStore.container('r'),
      partitions: new PhysicalPartitions(physicalPartitions),
      now: () => this.#now,
    });
    this.container.defaultTtl = -1;
  }

  change({ number, body: changed, isDeletion, seconds }: Change): void {
    this.#now += seconds * 1_000;
    const id = `o${number}`;
    const { customerId, partition } = this.#customerOf(number);
    if (isDeletion) deleteDocument(partition, id);
    else upsertDocument(partition, { ...changed, id, customerId });
  }

  runBatch({ number, writes }: Batch): void {
    const { customerId, partition } = this.#customerOf(number);
    const operations = writes.flatMap(({ isOther, isDeleted, body: written }): BatchOperation[] => {
      const id = isOther ? `o${number}-other` : `o${number}`;
      const resourceBody = { ...written, id, customerId };
      return [
        { operationType: 'Upsert', resourceBody },
        ...(isDeleted ? [{ operationType: 'Delete' as const, id }] : []),
      ];
    });
    runAtomicBatch(partition, operations, true);
  }

  #customerOf(number: number) {
    const customerId = number % 5 === 0 ? 'c1' : 'c0';
    return { customerId, partition: this.container.partition(JSON.stringify([customerId])) };
  }
}

/** A page, or the error. */
function pageOf(source: QuerySource, request: QueryRequest): Partial<QueryPage> & { readonly error?: string } {
  try {
    return runQuery(source, request);
  } catch (error) {
    return { error: String(error) };
  }
}

/** Compares the first pages of a query. Documents change after each page. */
function comparePages(read: () => QuerySource, request: Omit<QueryRequest, 'continuation'>, onPage: () => void): void {
  let continuation: string | undefined;
  for (const _ of ['first', 'second', 'third', 'fourth']) {
    const [source, asked] = [read(), { ...request, continuation }];
    const rids = Array.from(source.all(), ({ rid }) => rid);
    expect(rids).toEqual(rids.toSorted());
    const page = pageOf(source, asked);
    expect(page, request.query).toEqual(pageOf({ ...source, indexed: undefined }, asked));
    onPage();
    continuation = page.continuation;
    if (continuation === undefined) return;
  }
}

function filledDocuments(): Documents {
  const documents = new Documents(1);
  for (let number = 0; number < DOCUMENTS * 2; number += 1) {
    const status = number % 3 === 0 ? 'placed' : 'shipped';
    const words = number % 16 === 0 ? ['sofa'] : ['lamp'];
    const filled = { status, total: number % 7, words, address: { city: 'a' } } as const;
    documents.change({ number, body: filled, isDeletion: false, seconds: 0 });
  }
  return documents;
}

/** The results of all pages. */
function resultsOf(source: QuerySource, text: string, given: QueryRequest['parameters']): readonly unknown[] {
  const results: unknown[] = [];
  let continuation: string | undefined;
  do {
    const request = { query: text, parameters: given, maxItemCount: 10, continuation, compositeIndexes };
    const page = runQuery(source, request);
    results.push(...page.results);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return results;
}

describe('a query', () => {
  it.each([1, 3])('finds the same pages by indexes as by reading all documents of %i physical partitions', (count) => {
    const filled = fc.array(body, { minLength: DOCUMENTS, maxLength: DOCUMENTS });
    const asked = fc.record({ query, parameters, maxItemCount: pageSize });
    const queries = fc.array(fc.tuple(asked, fc.array(change, { maxLength: 10 }), batch), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(filled, queries, (bodies, all) => {
        const documents = new Documents(count);
        const { container } = documents;
        bodies.forEach((one, number) => {
          documents.change({ number, body: one, isDeletion: false, seconds: 0 });
        });
        const readOne = [
          () => container.inPartition('["c0"]'),
          ...container.partitions.ranges.map((range) => () => container.inRange(range)),
        ];
        for (const [request, changes, written] of all) {
          const changeAll = () => {
            for (const one of changes) documents.change(one);
            documents.runBatch(written);
          };
          for (const read of readOne) comparePages(read, { ...request, compositeIndexes }, changeAll);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each<[query: string, parameters?: Readonly<Record<string, unknown>>]>([
    ['SELECT * FROM c WHERE c.words = ["lamp"]'],
    ['SELECT * FROM c WHERE c.address = {"city": "a"}'],
    ['SELECT * FROM c WHERE c[@field] = "shipped"', { field: 'status' }],
    ['SELECT * FROM c ORDER BY c[@field]', { field: 'total' }],
    ['SELECT * FROM c WHERE c["status"] = "shipped" ORDER BY c["total"]'],
    ['SELECT TOP @few * FROM c', { few: 12 }],
    ['SELECT TOP @few * FROM c ORDER BY c.total', { few: 12 }],
    ['SELECT TOP @few * FROM c', { few: -2 }],
    ['SELECT * FROM c WHERE EXISTS(SELECT VALUE COUNT(1) FROM w IN c.words WHERE STARTSWITH(w, "so"))'],
    ['SELECT * FROM c WHERE EXISTS(SELECT VALUE w FROM w IN c["words"] WHERE STARTSWITH(w, "so"))'],
  ])('finds the same by indexes as by reading all documents: %s', (text, values = {}) => {
    const source = filledDocuments().container.inPartition('["c0"]');
    const given = Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value }));
    const found = resultsOf(source, text, given);
    expect(found).not.toEqual([]);
    expect(found).toEqual(resultsOf({ ...source, indexed: undefined }, text, given));
  });

  it('uses the last of several parameters with the same name', () => {
    const source = filledDocuments().container.inPartition('["c0"]');
    const given = ['shipped', 'placed'].map((value) => ({ name: '@status', value }));
    const found = resultsOf(source, 'SELECT VALUE c.status FROM c WHERE c.status = @status', given);
    expect(new Set(found)).toEqual(new Set(['placed']));
  });

  it.each([' OR ', ' AND '])('builds few indexes for 18 conditions that are combined with%s', (operator) => {
    const source = filledDocuments().container.inPartition('["c0"]');
    const ordered = vi.spyOn(source.indexed?.set ?? new DocumentSet(), 'ordered');
    const conditions = Array.from({ length: 18 }, (_, index) => `(c.property${index} > 1 OR c.total >= 0)`);
    resultsOf(source, `SELECT * FROM c WHERE ${conditions.join(operator)}`, []);
    const indexes = new Set(ordered.mock.calls.map((definition) => JSON.stringify(definition)));
    expect(indexes.size).toBeLessThanOrEqual(5);
  });
});

test('the documents of a set are in the order of their resource ids, in whatever order they are put', () => {
  const set = new DocumentSet();
  for (const _rid of ['r2', 'r3', 'r1', 'r3']) set.put(storedDocument({ id: _rid, _rid }));
  expect(Array.from(set.all(), ({ rid }) => rid)).toEqual(['r1', 'r2', 'r3']);
});
