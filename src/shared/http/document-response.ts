import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type * as z from 'zod';
import type { RoleViews } from '../auth/role-views.ts';
import type { Operation, ResponseHeader } from './operation.ts';

/** Identifies one state of a document. */
export interface DocumentState {
  readonly version: number;
  /** How often it was rewritten in this version, for example with a customer's new name; absent at first. */
  readonly revision?: number | undefined;
  /** A third number, for a document whose state the other two do not identify. */
  readonly detail?: number | undefined;
}

/** The response shows only a part of the state, so it must not be cached. */
export const INCOMPLETE = 'incomplete';

/**
 * Responds with a document. The ETag is the version, such as `"3"`, `"3.1"` after a rewrite in that version, or `"3.1.2"` with a third number.
 * A client that already has this ETag gets 304 (RFC 9110, section 13.1.2).
 */
export function documentResponse(
  request: HttpRequest,
  state: DocumentState | typeof INCOMPLETE,
  jsonBody: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  if (state === INCOMPLETE) return { status: 200, headers: { ...headers, 'cache-control': 'no-store' }, jsonBody };
  const { version, revision, detail } = state;
  const etag = `"${[version, revision, detail].filter((part) => part !== undefined).join('.')}"`;
  const sent = request.headers.get('if-none-match') ?? '';
  const known = sent.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const common = { ...headers, etag, 'cache-control': 'private, no-cache' };
  if (known.includes(etag) || known.includes('*')) return { status: 304, headers: common };
  return { status: 200, headers: common, jsonBody };
}

/**
 * Describes the responses of `documentResponse`, with additional headers and the roles that see only a part of the document. The
 * operation must list `If-None-Match`.
 */
export function documentAnswers(
  schema: z.ZodType,
  headers: readonly ResponseHeader[] = [],
  views: RoleViews = {},
): Operation['answers'] {
  return {
    200: { description: 'The document. The ETag contains its version.', schema, headers: ['ETag', ...headers], views },
    304: { description: 'The client already has this version.', headers: ['ETag', ...headers] },
  };
}
