import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { Operation, ResponseHeader } from './operation.ts';

/** What tells one state of a document from another. */
export interface DocumentState {
  readonly version: number;
  /** How often it was written anew in this version, with a customer's new name for instance; none at first. */
  readonly revision?: number | undefined;
}

/**
 * A document as the answer: its version is the ETag, such as `"3"`, or `"3.1"` when it was written anew since, and a client that
 * has it already gets 304 (RFC 9110, section 13.1.2).
 */
export function documentResponse(
  request: HttpRequest,
  { version, revision }: DocumentState,
  jsonBody: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  const etag = revision === undefined ? `"${version}"` : `"${version}.${revision}"`;
  const sent = request.headers.get('if-none-match') ?? '';
  const known = sent.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const common = { ...headers, etag, 'cache-control': 'private, no-cache' };
  if (known.includes(etag) || known.includes('*')) return { status: 304, headers: common };
  return { status: 200, headers: common, jsonBody };
}

/** The description of such an answer, with further headers; the operation supports `If-None-Match`. */
export function documentAnswers(schema: z.ZodType, headers: readonly ResponseHeader[] = []): Operation['answers'] {
  return {
    200: { description: 'The document; its version is the ETag.', schema, headers: ['ETag', ...headers] },
    304: { description: 'The client has this version already.', headers: ['ETag', ...headers] },
  };
}
