import { createDefaultHttpClient, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import { withRequestSpan } from '../telemetry/tracing.ts';

/** The HTTP client of the SDK of Azure AI Search, which records each request for documents, retries included, in the active spans. */
export function tracedSearchClient(client: HttpClient = createDefaultHttpClient()): HttpClient {
  return {
    sendRequest: (request) =>
      withRequestSpan(
        () => spanOf(request),
        () => client.sendRequest(request),
        ({ status }) => ({
          'http.response.status_code': status,
          ...(status >= 400 && { 'error.type': String(status) }),
        }),
      ),
  };
}

/** The index and the operation of a request for documents: https://learn.microsoft.com/rest/api/searchservice/documents */
const DOCUMENTS = /^\/indexes\('([^']+)'\)\/docs\/search\.(?:post\.)?(\w+)$/;

function spanOf({ url }: PipelineRequest) {
  const { hostname, port, pathname } = new URL(url);
  const [, index, operation] = DOCUMENTS.exec(decodeURIComponent(pathname)) ?? [];
  if (index === undefined) return undefined;
  const attributes = () => ({
    'db.system.name': 'azure.ai_search',
    'db.operation.name': `${operation}_documents`,
    'db.collection.name': index,
    'server.address': hostname,
    ...(port !== '' && { 'server.port': Number(port) }),
  });
  return { name: `${operation}_documents ${index}`, attributes };
}
