import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { tracedSearchClient } from '../../../src/shared/search/traced-search-client.ts';
import { withSpan } from '../../../src/shared/telemetry/tracing.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const spans = recordSpans();

async function send(path: string, status = 200): Promise<void> {
  const client = tracedSearchClient({
    sendRequest: async (request) => ({ request, status, headers: createHttpHeaders() }),
  });
  const request = createPipelineRequest({ url: `https://srch.example:8083${path}`, method: 'POST', body: 'Zoë' });
  await withSpan({ name: 'outer' }, () => client.sendRequest(request));
}

describe('the span of a request to Azure AI Search', () => {
  it('has the operation, the index and the status, and nothing that was searched for', async () => {
    await send("/indexes('orders-v1-1')/docs/search.post.search?api-version=2026-04-01");
    expect(spans.named('search_documents orders-v1-1').attributes).toEqual({
      'db.system.name': 'azure.ai_search',
      'db.operation.name': 'search_documents',
      'db.collection.name': 'orders-v1-1',
      'server.address': 'srch.example',
      'server.port': 8083,
      'http.response.status_code': 200,
    });
  });

  it('of an upload is named after it, and has failed when the service refuses it', async () => {
    await send("/indexes('orders-v1-1')/docs/search.index?api-version=2026-04-01", 503);
    const span = spans.named('index_documents orders-v1-1');
    expect(span.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' });
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('is not recorded for a request for an index', async () => {
    await send("/indexes('orders-v1-1')?api-version=2026-04-01");
    expect(spans.under(spans.named('outer'))).toEqual([]);
  });
});
