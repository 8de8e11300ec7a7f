import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Operation } from '../../shared/http/operation.ts';
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

/** The description of such an answer. */
export function listAnswers(item: z.ZodType): Operation['answers'] {
  const schema = z.strictObject({ items: z.array(item), continuationToken: z.string().exactOptional() });
  return { 200: { description: 'A page of the list, newest first.', schema } };
}
