/**
 * Query plans: how a client runs a query over several physical partitions. It sends `rewrittenQuery` to each partition that has keys of
 * `queryRanges`, and merges the results. The service's gateway runs a query over several partitions on its own only when its results
 * need no merging: https://learn.microsoft.com/rest/api/cosmos-db/querying-cosmosdb-resources-using-the-rest-api
 */
import type { KeyRange } from './physical-partitions.ts';
import type { QueryTargets } from './query-targets.ts';
import { type Clauses, clausesOf, listItems } from './query-text.ts';

/** The client puts a condition here when it continues: `true` for a new query. */
const CONTINUATION_FILTER = '{documentdb-formattableorderbyquery-filter}';

/** The plan as `@azure/cosmos` reads it. */
export interface QueryPlan {
  readonly partitionedQueryExecutionInfoVersion: 2;
  readonly queryInfo: {
    readonly distinctType: 'None';
    readonly top: number | undefined;
    readonly orderBy: readonly ('Ascending' | 'Descending')[];
    readonly orderByExpressions: readonly string[];
    readonly groupByExpressions: readonly string[];
    readonly groupByAliasToAggregateType: Readonly<Record<string, string>>;
    readonly aggregates: readonly Aggregate[];
    readonly hasSelectValue: boolean;
    readonly hasNonStreamingOrderBy: false;
    /** Empty: the query as it is. */
    readonly rewrittenQuery: string;
  };
  readonly queryRanges: readonly (KeyRange & { readonly isMinInclusive: true; readonly isMaxInclusive: boolean })[];
}

type Aggregate = 'Count' | 'Sum';
const AGGREGATES: Readonly<Record<string, Aggregate>> = { COUNT: 'Count', SUM: 'Sum' };

/**
 * @param document its name in the query: `c` in `FROM c`
 * @throws when the query cannot be run over several partitions
 */
export function planOf(query: string, document: string, { ranges }: QueryTargets): QueryPlan {
  const clauses = clausesOf(query);
  const aggregate = aggregateOf(clauses);
  const sorted = sortedBy(clauses);
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      top: clauses.top,
      orderBy: sorted.map(({ order }) => order),
      orderByExpressions: sorted.map(({ expression }) => expression),
      groupByExpressions: [],
      groupByAliasToAggregateType: {},
      aggregates: aggregate === undefined ? [] : [aggregate],
      hasSelectValue: clauses.selectsValue,
      hasNonStreamingOrderBy: false,
      rewrittenQuery: aggregate === undefined ? withSortKeys(clauses, document, sorted) : withAggregateItem(clauses),
    },
    queryRanges: ranges.map((range) => ({ ...range, isMinInclusive: true, isMaxInclusive: range.min === range.max })),
  };
}

/** Whether the gateway can run the query over several partitions: one after the other, without merging. */
export function isServedByGateway({ queryInfo: { top, orderBy, aggregates } }: QueryPlan): boolean {
  return top === undefined && orderBy.length === 0 && aggregates.length === 0;
}

/**
 * The query without the wrapping of an aggregate that a plan has added, because the engine has no aggregates inside a value; undefined
 * for any other query. What it returns belongs into `[{ item }]`.
 */
export function unwrappedAggregate(query: string): string | undefined {
  const [, aggregate, rest] = /^SELECT VALUE \[\{"item": (.*?)\}\] (FROM .*)$/s.exec(query) ?? [];
  return aggregate === undefined ? undefined : `SELECT VALUE ${aggregate} ${rest}`;
}

function aggregateOf({ select, selectsValue }: Clauses): Aggregate | undefined {
  const [, name] = /\b(COUNT|SUM|AVG|MIN|MAX)\s*\(/i.exec(select) ?? [];
  if (name === undefined) return undefined;
  const aggregate = AGGREGATES[name.toUpperCase()];
  if (aggregate === undefined || !selectsValue) {
    throw new Error(
      'Of the aggregates, only SELECT VALUE COUNT and SELECT VALUE SUM can be run over several partitions.',
    );
  }
  return aggregate;
}

interface SortKey {
  readonly expression: string;
  readonly order: 'Ascending' | 'Descending';
}

function sortedBy({ orderBy }: Clauses): readonly SortKey[] {
  if (orderBy === undefined) return [];
  return listItems(orderBy).map((item) => ({
    expression: item.replace(/\s+(ASC|DESC)$/i, ''),
    order: /\sDESC$/i.test(item) ? 'Descending' : 'Ascending',
  }));
}

function withAggregateItem({ select, from, where }: Clauses): string {
  return `SELECT VALUE [{"item": ${select}}] FROM ${from}${where === undefined ? '' : ` WHERE ${where}`}`;
}

/** Each result with the values that it is sorted by, so that the client can merge the results of partitions. */
function withSortKeys(clauses: Clauses, document: string, sorted: readonly SortKey[]): string {
  if (sorted.length === 0) return '';
  const { top, select, selectsValue, from, where, orderBy } = clauses;
  const items = sorted.map(({ expression }) => `{"item": ${expression}}`).join(', ');
  const payload = selectsValue ? select : objectOf(select, document);
  const condition = [...(where === undefined ? [] : [`(${where})`]), `(${CONTINUATION_FILTER})`].join(' AND ');
  return `SELECT ${top === undefined ? '' : `TOP ${top} `}${document}._rid, [${items}] AS orderByItems, ${payload} AS payload \
FROM ${from} WHERE ${condition} ORDER BY ${orderBy}`;
}

/** `c.id, c.total AS sum` becomes `{"id": c.id, "sum": c.total}`. */
function objectOf(select: string, document: string): string {
  if (select === '*') return document;
  const members = listItems(select).map((item) => {
    const [expression = item, alias] = item.split(/\s+AS\s+/i);
    return `"${alias ?? expression.split('.').at(-1)}": ${expression}`;
  });
  return `{${members.join(', ')}}`;
}
