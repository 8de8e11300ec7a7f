import type { Container, JSONValue, SqlQuerySpec } from '@azure/cosmos';
import * as z from 'zod';
import { INVALID_TOKEN, invalidToken, listId } from '../http/continuation-token.ts';
import { unavailable } from '../http/problem.ts';
import { inDigits, wholeNumber } from '../http/query-parameters.ts';
import { acrossPartitions, MAX_FOUND } from './across-partitions.ts';
import type { ReadConsistency } from './open-database.ts';

/** The position after a page: the list and the sort key of the page's last entry. Opaque to clients. */
const continuationToken = z
  .base64url(INVALID_TOKEN)
  .max(1_000, INVALID_TOKEN)
  .transform((token) => Buffer.from(token, 'base64url').toString());

/** The parameters of every list. */
export const pageParameters = {
  limit: inDigits(wholeNumber.min(1, 'must be at least 1').max(100, 'must be at most 100').default(20)),
  continuationToken: continuationToken.optional(),
};

/** A filter of a list: part of a WHERE clause on `c`, with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<`@${string}`, JSONValue>>;
}

/** The condition that a property equals a value; undefined when there is no value. */
export function equals(property: string, value: JSONValue | undefined): Condition | undefined {
  return value === undefined
    ? undefined
    : { sql: `c.${property} = @${property}`, parameters: { [`@${property}`]: value } };
}

/** Properties by which lists are sorted, highest first. A list leaves out documents without its property. */
type SortKeyName = 'sortKey' | 'customerSortKey';

/** A document that lists can be sorted by. */
export type Listed = { readonly [Key in SortKeyName]?: string };

export interface Page {
  readonly limit: number;
  /** The property that the list is sorted by. Default: `sortKey`. */
  readonly sortBy?: SortKeyName;
  /** The properties to read, the sort key among them. All when absent. */
  readonly properties?: readonly string[];
  /** The list, and the sort key after which the page starts. */
  readonly continuationToken?: string | undefined;
}

export interface PageOf<Document> {
  readonly documents: readonly Document[];
  /** Undefined on the last page. */
  readonly continuationToken: string | undefined;
}

/**
 * Reads one page of documents with a sort key, highest first, in one request (keyset pagination). The page starts after the last key
 * of the previous page, so that entries added in between neither shift nor repeat others. Throws Problem `unavailable`, and
 * `validation-failed` for the token of another list.
 */
export async function readPage<Document extends Listed>(
  container: Container,
  conditions: readonly (Condition | undefined)[],
  { limit, properties, sortBy = 'sortKey', continuationToken: token }: Page,
  partitionKey?: string,
): Promise<PageOf<Document>> {
  const list = listId([container.id, partitionKey, conditions]);
  const after = token === undefined ? undefined : sortKeyOf(token, list);
  const nextPage = after === undefined ? undefined : { sql: `c.${sortBy} < @after`, parameters: { '@after': after } };
  // Markers and sums, which are not list entries, have no sort key.
  const all = [{ sql: `IS_DEFINED(c.${sortBy})`, parameters: {} }, ...conditions, nextPage].filter(
    (condition) => condition !== undefined,
  );
  const where = all.map(({ sql }) => sql).join(' AND ');
  // One entry more than the page shows whether there is another page.
  const selected = properties?.map((name) => `c.${name}`).join(', ') ?? '*';
  const query = `SELECT TOP ${limit + 1} ${selected} FROM c WHERE ${where} ORDER BY c.${sortBy} DESC`;
  const parameters = all.flatMap((condition) => Object.entries(condition.parameters));
  const found = await readAll<Document>(container, toQuery(query, parameters), partitionKey);
  const documents = found.slice(0, limit);
  const last = documents.at(-1)?.[sortBy];
  const more = found.length > limit && last !== undefined;
  return { documents, continuationToken: more ? toToken(list, last) : undefined };
}

/** One page of a short list that is in memory, highest sort key first. Throws Problem `validation-failed` for the token of another list. */
export function pageOf<Document extends { readonly sortKey: string }>(
  list: string,
  documents: readonly Document[],
  { limit, continuationToken: token }: Pick<Page, 'limit' | 'continuationToken'>,
): PageOf<Document> {
  const after = token === undefined ? undefined : sortKeyOf(token, list);
  const rest = documents
    .filter(({ sortKey }) => after === undefined || sortKey < after)
    .toSorted((one, other) => (one.sortKey < other.sortKey ? 1 : -1));
  const page = rest.slice(0, limit);
  const last = page.at(-1)?.sortKey;
  return {
    documents: page,
    continuationToken: rest.length > limit && last !== undefined ? toToken(list, last) : undefined,
  };
}

/** The continuation token of a list (`listId`) for the page after a sort key. */
export const toToken = (list: string, sortKey: string): string =>
  Buffer.from(`${list}${sortKey}`).toString('base64url');

/** The sort key in a parsed continuation token. Throws Problem `validation-failed` for the token of another list. */
export function sortKeyOf(token: string, list: string): string {
  if (token.startsWith(list)) return token.slice(list.length);
  throw invalidToken();
}

/** Reads all documents of a query. Throws Problem `unavailable`. */
export async function readAll<Document>(
  container: Container,
  query: SqlQuerySpec,
  partitionKey?: string,
  consistency: ReadConsistency = {},
): Promise<readonly Document[]> {
  // A single page of any size: the service's default pages of 100 would cost one request each.
  const options = partitionKey === undefined ? acrossPartitions(MAX_FOUND) : { maxItemCount: -1, partitionKey };
  const { resources } = await container.items
    .query<Document>(query, { ...options, ...consistency })
    .fetchAll()
    .catch(unavailable('The read model cannot be read at the moment: try again.'));
  return resources;
}

/** A query with its parameters by name. */
export function toQuery(query: string, parameters: readonly (readonly [string, JSONValue])[]): SqlQuerySpec {
  return { query, parameters: parameters.map(([name, value]) => ({ name, value })) };
}
