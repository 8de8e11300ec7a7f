/** Documents with values of all types, changes of them, and queries, for the indexes of the Cosmos DB stand-in. */
import fc from 'fast-check';
import { AS_MANY_AS_FIT, type QueryRequest } from '../../local/cosmos-db/query.ts';

export const DOCUMENTS = 130;
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
/** Values of all types, few of each, so that documents share them. */
const anyValue = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'b', 'ab', 'Ä', '😀', '\uffff') },
  { weight: 10, arbitrary: fc.constantFrom(-1, 0, 1, 2.5) },
  { weight: 4, arbitrary: fc.constantFrom(true, false, null) },
  { weight: 2, arbitrary: fc.constant({ deep: 1 }) },
);
export const body = fc.record(
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
export const change = fc.record({
  number: fc.integer({ min: 0, max: DOCUMENTS + 20 }),
  body,
  isDeletion: fc.boolean(),
  /** Time that passes before the change. */
  seconds: fc.constantFrom(0, 0, 0, 4),
});
/** Writes of two documents in one atomic batch, which can delete a document after it has written it. */
export const batch = fc.record({
  number: change.map(({ number }) => number),
  writes: fc.array(fc.record({ isOther: fc.boolean(), isDeleted: fc.boolean(), body }), { maxLength: 5 }),
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
export const query = fc
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
export const parameters = fc
  .record({
    status: fc.constantFrom('placed', 'shipped', 'lost'),
    statuses: fc.constantFrom<(string | null)[]>(['placed', 'shipped'], [], ['confirmed', null]),
    many: fc.constant(Array.from({ length: 20 }, (_, index) => index)),
    at: fc.constantFrom('2026-01', '2026-02', '2027'),
    key: anyValue,
    prefix: fc.constantFrom('la', 'lamp', '灯', 'ta', '20'),
  })
  .map((values) => Object.entries(values).map(([name, value]) => ({ name: `@${name}`, value })));
export const pageSize = fc.constantFrom(1, 3, 10, DOCUMENTS, AS_MANY_AS_FIT);
export const compositeIndexes: QueryRequest['compositeIndexes'] = [
  [
    { path: '/at', order: 'ascending' },
    { path: '/total', order: 'descending' },
  ],
  [
    { path: '/sortKey', order: 'descending' },
    { path: '/at', order: 'ascending' },
  ],
];

type ValueOf<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never;
export type Change = ValueOf<typeof change>;
export type Batch = ValueOf<typeof batch>;
