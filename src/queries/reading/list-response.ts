import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
import type { PageOf } from './paging.ts';

/** Responds with a page of a list. The last page has no continuation token. */
export function listResponse<Document>(
  { documents, continuationToken }: PageOf<Document>,
  toItem: (document: Document) => object,
): HttpResponseInit {
  return {
    status: 200,
    headers: { 'cache-control': 'private, no-cache' },
    jsonBody: { items: documents.map(toItem), ...(continuationToken !== undefined && { continuationToken }) },
  };
}

/** Describes the response of `listResponse`. */
export function listAnswers(item: z.ZodType): Operation['answers'] {
  const schema = z.strictObject({ items: z.array(item), continuationToken: z.string().exactOptional() });
  return { 200: { description: 'A page of the list. The last page has no `continuationToken`.', schema } };
}
