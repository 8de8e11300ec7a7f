import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { Role } from '../auth/authenticate.ts';
import type { PageOf } from '../read-models/paging.ts';
import type { Operation, ResponseHeader } from './operation.ts';

/**
 * Responds with a page of a list. The last page has no continuation token.
 * @param more members of the response besides those of every list
 */
export function listResponse<Document>(
  { documents, continuationToken }: PageOf<Document>,
  toItem: (document: Document) => object,
  more: object = {},
): HttpResponseInit {
  return {
    status: 200,
    headers: { 'cache-control': 'private, no-cache' },
    jsonBody: { items: documents.map(toItem), ...(continuationToken !== undefined && { continuationToken }), ...more },
  };
}

/**
 * Describes the response of `listResponse`. `items` has the item schemas of the roles that see fewer fields, `more` the members of the
 * response besides those of every list.
 */
export function listAnswers(
  item: z.ZodType,
  items: Readonly<Partial<Record<Role, z.ZodType>>> = {},
  headers: readonly ResponseHeader[] = [],
  more: z.ZodRawShape = {},
): Operation['answers'] {
  const listOf = (listed: z.ZodType) =>
    z.object({ items: z.array(listed), continuationToken: z.string().exactOptional(), ...more });
  const views = Object.fromEntries(Object.entries(items).map(([role, seen]) => [role, { schema: listOf(seen) }]));
  const schema = listOf(item).strict();
  return {
    200: { description: 'A page of the list. The last page has no `continuationToken`.', schema, headers, views },
  };
}
