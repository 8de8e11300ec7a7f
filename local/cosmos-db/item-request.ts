/** Tells from a request's method, path and headers what it wants. */
import type { IncomingMessage } from 'node:http';
import { header, isTrue } from './http-exchange.ts';
import type { CosmosOperation } from './request-log.ts';

export interface RequestTarget {
  readonly operation: CosmosOperation;
  readonly database: string | undefined;
  readonly container: string | undefined;
  readonly documentId: string | undefined;
  /** The consistency level that the client asks for; undefined for the account's. */
  readonly consistency: string | undefined;
}

const documentMethods: Readonly<Record<string, CosmosOperation>> = {
  GET: 'Read',
  PUT: 'Replace',
  PATCH: 'Patch',
  DELETE: 'Delete',
};

/** Parts of the path `/dbs/{database}/colls/{container}/docs/{id}`, each URL-encoded; the SDK may begin with two slashes. */
export function pathOf({ url = '' }: IncomingMessage): readonly string[] {
  const [path = ''] = url.split('?');
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
}

export function requestTarget(request: IncomingMessage): RequestTarget {
  const [, database, , container, resource, documentId] = pathOf(request);
  const isMetadata = resource !== 'docs' || isQueryPlanRequest(request);
  const operation = isMetadata ? 'Metadata' : documentOperation(request, documentId);
  return { operation, database, container, documentId, consistency: header(request, 'x-ms-consistency-level') };
}

/** The SDK asks for a plan alongside every first page, and reads it only when the query cannot be run without one. */
export function isQueryPlanRequest(request: IncomingMessage): boolean {
  return isTrue(request, 'x-ms-cosmos-is-query-plan-request');
}

/** `/dbs/{database}/colls/{container}/pkranges` */
export function isRangesRequest(request: IncomingMessage): boolean {
  return request.method === 'GET' && pathOf(request)[4] === 'pkranges';
}

function documentOperation(request: IncomingMessage, documentId: string | undefined): CosmosOperation {
  if (documentId !== undefined) return documentMethods[request.method ?? ''] ?? 'Read';
  if (request.method === 'GET' || isQuery(request)) return 'Query';
  if (isTrue(request, 'x-ms-cosmos-is-batch-request')) {
    return isTrue(request, 'x-ms-cosmos-batch-atomic') ? 'Batch' : 'Bulk';
  }
  return isTrue(request, 'x-ms-documentdb-is-upsert') ? 'Upsert' : 'Create';
}

function isQuery(request: IncomingMessage): boolean {
  const contentType = header(request, 'content-type') ?? '';
  return isTrue(request, 'x-ms-documentdb-isquery') || contentType.startsWith('application/query+json');
}
