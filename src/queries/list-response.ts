import type { HttpResponseInit } from '@azure/functions';
import type { PageOf } from './paging.ts';

/** A page of a list as clients see it; without a continuation token it is the last one. */
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
