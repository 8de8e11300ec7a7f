/** Runs Cosmos DB's SQL over documents, with the query engine of @vercel/cosmosdb-server. */
import { parseQuery } from './commonjs-modules.ts';
import type { Json } from './container-documents.ts';

/** The syntax tree of a query, as the engine's parser builds it. */
export const syntaxOf = (query: string): unknown => compile(query).ast;

export interface QueryRequest {
  readonly query: string;
  readonly parameters: { name: string; value: unknown }[];
  /** Documents in a page; the service's default is 100: https://learn.microsoft.com/azure/cosmos-db/nosql/query/pagination */
  readonly maxItemCount: number;
  /** A token from the page before. */
  readonly continuation: string | undefined;
  readonly compositeIndexes: { path: string; order: 'ascending' | 'descending' }[][];
}

export interface QueryPage {
  readonly results: readonly unknown[];
  readonly continuation: string | undefined;
}

/** Page size for `x-ms-max-item-count: -1`: https://learn.microsoft.com/azure/cosmos-db/nosql/query/pagination */
export const AS_MANY_AS_FIT = Number.MAX_SAFE_INTEGER;
/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-request-limits */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

type CompiledQuery = ReturnType<typeof parseQuery>;

const MAX_CACHED_QUERIES = 200;
const compiled = new Map<string, CompiledQuery>();

/**
 * @param documents in ascending order of their `_rid`: that is where a continuation without ORDER BY goes on.
 * @throws the engine's error when the query is wrong or uses what the engine lacks
 */
export function runQuery(documents: Iterable<Json>, request: QueryRequest): QueryPage {
  const all = [...documents];
  const page = runPage(all, request);
  const fitting = countWithin(MAX_PAGE_BYTES, page.results);
  return fitting < page.results.length ? runPage(all, { ...request, maxItemCount: Math.max(1, fitting) }) : page;
}

/** The number of leading results that fit into a number of bytes. */
function countWithin(maxBytes: number, results: readonly unknown[]): number {
  let bytes = 0;
  const excess = results.findIndex((result) => {
    bytes += Buffer.byteLength(JSON.stringify(result));
    return bytes > maxBytes;
  });
  return excess === -1 ? results.length : excess;
}

function runPage(documents: Iterable<Json>, request: QueryRequest): QueryPage {
  const { result, continuation } = compile(request.query).exec(withLinearReduce([...documents]), {
    parameters: request.parameters,
    maxItemCount: request.maxItemCount,
    compositeIndexes: request.compositeIndexes,
    ...(request.continuation === undefined ? {} : { continuation: JSON.parse(request.continuation) }),
  });
  return { results: result, continuation: continuation ? JSON.stringify(continuation) : undefined };
}

/** @param condition `FROM c WHERE …`, as in a conditional patch */
export function satisfies(document: Json, condition: string): boolean {
  return compile(`SELECT * ${condition}`).exec([document]).result.length > 0;
}

/** Parsing costs far more than running over a few documents. */
function compile(sql: string): CompiledQuery {
  const known = compiled.get(sql);
  if (known !== undefined) return known;
  if (compiled.size >= MAX_CACHED_QUERIES) compiled.clear();
  const query = parseQuery(sql);
  compiled.set(sql, query);
  return query;
}

type AppendRows = (rows: readonly object[], row: object) => object[];

/**
 * The engine's generated code collects rows with `reduce((all, row) => [...all, …], [])`, for FROM and for each JOIN: quadratic,
 * 1.5 s for 20,000 documents. As each step only appends, the same rows come out of one step for each row on its own.
 */
function withLinearReduce(rows: object[]): object[] {
  return Object.assign(rows, {
    reduce: (append: AppendRows) => withLinearReduce(rows.flatMap((row) => append([], row))),
  });
}
