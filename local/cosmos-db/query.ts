/** Runs Cosmos DB's SQL over documents, with the query engine of @vercel/cosmosdb-server. */
import { decodeToken } from './commonjs-modules.ts';
import { candidatesFor, type QuerySource, type Wanted } from './query-candidates.ts';
import { parseQuery } from './query-engine.ts';
import { filtersOf } from './query-filters.ts';
import { readsDocuments, sortOf, topOf } from './query-syntax.ts';
import type { Json, StoredDocument } from './stored-document.ts';

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
  /** Each result as JSON, which is measured and then sent. */
  readonly json: readonly string[];
  readonly continuation: string | undefined;
}

/** Page size for `x-ms-max-item-count: -1`: https://learn.microsoft.com/azure/cosmos-db/nosql/query/pagination */
export const AS_MANY_AS_FIT = Number.MAX_SAFE_INTEGER;
/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-request-limits */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

type CompiledQuery = ReturnType<typeof parseQuery>;

const MAX_CACHED_QUERIES = 200;
const compiled = new Map<string, CompiledQuery>();

/** @throws the engine's error when the query is wrong or uses what the engine lacks */
export function runQuery(source: QuerySource, request: QueryRequest): QueryPage {
  const page = runPage(source, request);
  const fitting = countWithin(MAX_PAGE_BYTES, page.json);
  return fitting < page.json.length ? runPage(source, { ...request, maxItemCount: Math.max(1, fitting) }) : page;
}

/** The number of leading texts that fit into a number of bytes. */
function countWithin(maxBytes: number, texts: readonly string[]): number {
  let bytes = 0;
  const excess = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text);
    return bytes > maxBytes;
  });
  return excess === -1 ? texts.length : excess;
}

function runPage(source: QuerySource, request: QueryRequest): QueryPage {
  const { parameters, maxItemCount, compositeIndexes } = request;
  const query = compile(request.query);
  const continuation = request.continuation === undefined ? undefined : JSON.parse(request.continuation);
  const rows = rowsFor(query, source, { parameters, maxItemCount, token: continuation?.token });
  const options = { parameters, maxItemCount, compositeIndexes, ...(continuation !== undefined && { continuation }) };
  const found = query.exec(rows, options);
  const results: readonly unknown[] = found.result;
  return {
    results,
    json: results.map((result) => JSON.stringify(result)),
    continuation: found.continuation ? JSON.stringify(found.continuation) : undefined,
  };
}

interface PageWanted extends Pick<QueryRequest, 'parameters' | 'maxItemCount'> {
  /** The engine's token from the previous page. */
  readonly token: string | undefined;
}

/** What the engine reads from: the documents that it may need, until there are as many results as the page needs. */
function rowsFor(query: CompiledQuery, source: QuerySource, wanted: PageWanted): object[] {
  if (!readsDocuments(query.ast)) return rowsOf(valuesOf(source.all(), source), Infinity);
  const { documents, limit } = candidatesFor(source, {
    filters: filtersOf(query.ast, wanted.parameters),
    ...pageOf(query, wanted),
  });
  return rowsOf(valuesOf(documents, source), limit);
}

function pageOf(
  { ast, code }: CompiledQuery,
  { parameters, maxItemCount, token }: PageWanted,
): Omit<Wanted, 'filters'> {
  const [sort, top] = [sortOf(ast), topOf({ ast, parameters })];
  // The generated code calls aggregate functions as members of `$a`.
  if (code.includes('$a.')) return { sort, after: undefined, limit: Infinity };
  // TOP counts from the first page on.
  if (top !== undefined || token === undefined) return { sort, after: undefined, limit: top ?? maxItemCount + 1 };
  // The values of the sort and the resource id of the page's first result, and the number of earlier results of that document
  const { RTD: sorted = [], RID: rid, SRC: rowsBefore = 0 } = decodeToken(token);
  const isOfThisSort = sorted.length === sort?.length;
  return {
    sort: isOfThisSort ? sort : undefined,
    after: isOfThisSort ? [...sorted, rid] : undefined,
    limit: rowsBefore + maxItemCount + 1,
  };
}

/** Yields at least one document, so that the engine refuses what it lacks. Another document does no harm: the engine filters it, too. */
function* valuesOf(documents: Iterable<StoredDocument>, source: QuerySource): Generator<Json> {
  let isEmpty = true;
  for (const { value } of documents) {
    isEmpty = false;
    yield value;
  }
  if (!isEmpty) return;
  for (const { value } of source.all()) {
    yield value;
    return;
  }
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
 * The rows of the engine's generated code, which are read only as far as they are needed. That code collects them with
 * `reduce((all, row) => [...all, …], [])`, for FROM and for each JOIN. As each step only appends, the same rows come out of one step for
 * each row on its own. WHERE is a `filter`, and the sort begins with a `slice`.
 */
function rowsOf(rows: Iterable<object>, limit: number): object[] {
  return Object.assign([], {
    reduce: (append: AppendRows) =>
      rowsOf(
        flatMap(rows, (row) => append([], row)),
        limit,
      ),
    filter: (meets: (row: object) => boolean) =>
      take(
        flatMap(rows, (row) => (meets(row) ? [row] : [])),
        limit,
      ),
    slice: () => take(rows, limit),
  });
}

function* flatMap(rows: Iterable<object>, toRows: (row: object) => readonly object[]): Generator<object> {
  for (const row of rows) yield* toRows(row);
}

function take(rows: Iterable<object>, limit: number): object[] {
  const taken: object[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length >= limit) break;
  }
  return taken;
}
