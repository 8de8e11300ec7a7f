import {
  createDefaultHttpClient,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Attributes } from '@opentelemetry/api';
import { withRequestSpan } from '../telemetry/tracing.ts';

/**
 * The HTTP client of the Cosmos DB SDK, which records each request for items, retries included, in the spans that are active. Requests
 * for metadata, which the SDK caches, are not recorded.
 */
export function tracedHttpClient(client: HttpClient = createDefaultHttpClient()): HttpClient {
  return {
    sendRequest: (request) =>
      withRequestSpan(
        () => spanOf(request),
        () => client.sendRequest(request),
        answerAttributes,
      ),
  };
}

/** The resource of requests for items: https://learn.microsoft.com/rest/api/cosmos-db/cosmosdb-resource-uri-syntax-for-rest */
const ITEMS = /^\/dbs\/([^/]+)\/colls\/([^/]+)\/docs(?:\/|$)/;

/** https://opentelemetry.io/docs/specs/semconv/database/cosmosdb/ */
function spanOf(request: PipelineRequest) {
  const { hostname, port, pathname } = new URL(request.url);
  const [, database, container] = ITEMS.exec(pathname) ?? [];
  if (database === undefined || container === undefined) return undefined;
  const operation = operationOf(request);
  const attributes = () => ({
    'db.system.name': 'azure.cosmosdb',
    'db.operation.name': operation,
    'db.namespace': database,
    'db.collection.name': container,
    'azure.cosmosdb.connection.mode': 'gateway',
    'server.address': hostname,
    ...(port !== '' && { 'server.port': Number(port) }),
  });
  return { name: `${operation} ${container}`, attributes };
}

const BY_METHOD: Readonly<Partial<Record<PipelineRequest['method'], string>>> = {
  GET: 'read_item',
  POST: 'create_item',
  PUT: 'replace_item',
  PATCH: 'patch_item',
  DELETE: 'delete_item',
};

/** https://learn.microsoft.com/rest/api/cosmos-db/common-cosmosdb-rest-request-headers */
function operationOf({ method, headers }: PipelineRequest): string {
  const has = (name: string) => headers.get(name)?.toLowerCase() === 'true';
  if (has('x-ms-documentdb-isquery') || has('x-ms-cosmos-is-query-plan-request')) return 'query_items';
  if (has('x-ms-cosmos-is-batch-request')) return has('x-ms-cosmos-batch-atomic') ? 'execute_batch' : 'execute_bulk';
  return BY_METHOD[method] ?? method;
}

/** What the apps expect: a document that is absent, exists already, or has changed since it was read. */
const EXPECTED = new Set([404, 409, 412]);

function answerAttributes({ status, headers }: PipelineResponse): Attributes {
  const subStatus = headers.get('x-ms-substatus');
  return {
    'db.response.status_code': String(status),
    'azure.cosmosdb.operation.request_charge': Number(headers.get('x-ms-request-charge') ?? 0),
    ...(subStatus !== undefined && { 'azure.cosmosdb.response.sub_status_code': Number(subStatus) }),
    ...(status >= 400 && !EXPECTED.has(status) && { 'error.type': String(status) }),
  };
}
