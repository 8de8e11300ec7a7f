import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContainerDocuments } from '../../../local/cosmos-db/container-documents.ts';
import { deleteDocument, upsertDocument } from '../../../local/cosmos-db/document-operations.ts';
import { memoryStore } from '../../../local/cosmos-db/document-store.ts';
import { PhysicalPartitions } from '../../../local/cosmos-db/physical-partitions.ts';
import { AS_MANY_AS_FIT, type QueryPage, type QueryRequest, runQuery } from '../../../local/cosmos-db/query.ts';
import type { QuerySource } from '../../../local/cosmos-db/query-candidates.ts';

const DOCUMENTS = 130;
const WORDS = [
  'lamp',
  'lampshade',
  'la',
  'blue',
  'élan',
  '灯',
  'x',
  'red',
  'green',
  'table',
  'chair',
  'desk',
  'sofa',
  'rug',
];
const START_MS = 1_700_000_000_000;

/** Values of all types, few of each, so that documents share them. */
const anyValue = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'ab', 'Ä', '😀', '\uffff') },
  { weight: 10, arbitrary: fc.constantFrom(-1, 0, 1, 2.5) },
  { weight: 4, arbitrary: fc.constantFrom(true, false, null) },
  { weight: 2, arbitrary: fc.constant({ deep: 1 }) },
);
const body = fc.record(
  {
    status: fc.constantFrom('placed', 'confirmed', 'shipped'),
    total: fc.integer({ min: 0, max: 20 }),
    sortKey: anyValue,
    at: fc.constantFrom('2026-01', '2026-02', '2026-03'),
    words: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 3 }),
    lines: fc.array(fc.record({ product: fc.constantFrom('p1', 'p2') }), { maxLength: 3 }),
    address: fc.record({ city: fc.oneof(anyValue, fc.constant(['x'])) }, { requiredKeys: [] }),
    ttl: fc.constantFrom(-1, 5, 20),
  },
  { requiredKeys: ['status'] },
);
const change = fc.record({
  number: fc.integer({ min: 0, max: DOCUMENTS + 20 }),
  body,
  isDeletion: fc.boolean(),
  /** Time that passes before the change. */
  seconds: fc.constantFrom(0, 0, 0, 4),
});

const search = fc.constantFrom(
  'EXISTS(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, @prefix))',
  "EXISTS(SELECT VALUE w FROM w IN c.words WHERE STARTSWITH(w, 'b'))",
);
const otherCondition = fc.constantFrom(
  'c.status = @status',
  '@status = c.status',
  "c.status IN ('placed', @status)",
  'ARRAY_CONTAINS(@statuses, c.status)',
  'ARRAY_CONTAINS(@many, c.total)',
  'c.total >= 7',
  '12 > c.total',
  'c.at <= @at',
  'c.sortKey < @key',
  'c.sortKey >= @key',
  'c.sortKey = @key',
  'c.address.city = @key',
  'IS_DEFINED(c.sortKey)',
  'NOT IS_DEFINED(c.at)',
  'IS_DEFINED(c.address.city)',
  '(c.at >= @at OR IS_DEFINED(c.sortKey))',
  '(c.total = 3 AND c.at = @at OR c.total > 18)',
  '(c.total = 3 OR CONTAINS(c.at, @prefix))',
  'c.missing = 1',
  'false',
);
const condition = fc.oneof({ weight: 1, arbitrary: search }, { weight: 3, arbitrary: otherCondition });
const order = fc.constantFrom(
  '',
  'ORDER BY c.sortKey',
  'ORDER BY c.sortKey DESC',
  'ORDER BY c.total DESC',
  'ORDER BY c.at, c.total DESC',
  'ORDER BY c.sortKey DESC, c.at',
  'ORDER BY c.address.city DESC',
  'ORDER BY c.total, c.at',
);
const query = fc
  .record({
    select: fc.constantFrom('*', 'c.id, c.total', 'VALUE c.sortKey', 'VALUE COUNT(1)', 'VALUE {"line": l, "id": c.id}'),
    top: fc.constantFrom('', '', 'TOP 7 '),
    conditions: fc.array(condition, { maxLength: 4 }),
    order,
  })
  .map(({ select, top, conditions, order: sort }) => {
    const from = select.includes('l,') ? 'c JOIN l IN c.lines' : 'c';
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return `SELECT ${top}${select} FROM ${from} ${where} ${select.includes('COUNT') ? '' : sort}`;
  });
const parameters = fc
  .record({
    status: fc.constantFrom('placed', 'shipped', 'lost'),
    statuses: fc.constantFrom<(string | null)[]>(['placed', 'shipped'], [], ['confirmed', null]),
    many: fc.constant(Array.from({ length: 20 }, (_, index) => index)),
    at: fc.constantFrom('2026-01', '2026-02', '2027'),
    key: anyValue,
    prefix: fc.constantFrom('la', 'lamp', '灯', 'ta', '20'),
  })
  .map((values) => Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value })));
const pageSize = fc.constantFrom(1, 3, 10, AS_MANY_AS_FIT);
const compositeIndexes: QueryRequest['compositeIndexes'] = [
  [
    { path: '/at', order: 'ascending' },
    { path: '/total', order: 'descending' },
  ],
  [
    { path: '/sortKey', order: 'descending' },
    { path: '/at', order: 'ascending' },
  ],
];

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** Documents of two customers, one of whom has most of them and therefore a large logical partition. */
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
    const [id, customerId] = [`o${number}`, number % 5 === 0 ? 'c1' : 'c0'];
    const partition = this.container.partition(JSON.stringify([customerId]));
    if (isDeletion) deleteDocument(partition, id);
    else upsertDocument(partition, { ...changed, id, customerId });
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
    const page = pageOf(source, asked);
    expect(page, request.query).toEqual(pageOf({ ...source, indexed: undefined }, asked));
    onPage();
    continuation = page.continuation;
    if (continuation === undefined) return;
  }
}

describe('a query', () => {
  it.each([1, 3])('finds the same pages by indexes as by reading all documents of %i physical partitions', (count) => {
    const filled = fc.array(body, { minLength: DOCUMENTS, maxLength: DOCUMENTS });
    const asked = fc.record({ query, parameters, maxItemCount: pageSize });
    const queries = fc.array(fc.tuple(asked, fc.array(change, { maxLength: 10 })), { minLength: 1, maxLength: 6 });
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
        for (const [request, changes] of all) {
          const changeAll = () => changes.forEach((one) => void documents.change(one));
          for (const read of readOne) comparePages(read, { ...request, compositeIndexes }, changeAll);
        }
      }),
      { numRuns: 30 },
    );
  });
});
