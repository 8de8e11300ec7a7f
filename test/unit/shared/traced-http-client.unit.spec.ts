import { createHttpHeaders, createPipelineRequest, type HttpMethods } from '@azure/core-rest-pipeline';
import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { tracedHttpClient } from '../../../src/shared/read-models/traced-http-client.ts';
import { withSpan } from '../../../src/shared/telemetry/tracing.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const spans = recordSpans();
const ITEMS = 'https://account.example:8081/dbs/orders/colls/order_pages/docs';

interface Sent {
  readonly method?: HttpMethods;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
}

async function send({ method = 'GET', url = `${ITEMS}/order-1`, headers = {}, status = 200 }: Sent): Promise<void> {
  const client = tracedHttpClient({
    sendRequest: async (request) => ({ request, status, headers: createHttpHeaders({ 'x-ms-request-charge': '2.5' }) }),
  });
  const request = createPipelineRequest({ url, method, headers: createHttpHeaders(headers) });
  await withSpan({ name: 'outer' }, () => client.sendRequest(request));
}

describe('the span of a request to Cosmos DB', () => {
  it('has the operation, the container and the request charge, but no id of a document', async () => {
    await send({});
    expect(spans.named('read_item order_pages').attributes).toEqual({
      'db.system.name': 'azure.cosmosdb',
      'db.operation.name': 'read_item',
      'db.namespace': 'orders',
      'db.collection.name': 'order_pages',
      'azure.cosmosdb.connection.mode': 'gateway',
      'server.address': 'account.example',
      'server.port': 8081,
      'db.response.status_code': '200',
      'azure.cosmosdb.operation.request_charge': 2.5,
    });
  });

  it.each([
    ['create_item', { method: 'POST', url: ITEMS }],
    ['replace_item', { method: 'PUT' }],
    ['query_items', { method: 'POST', url: ITEMS, headers: { 'x-ms-documentdb-isquery': 'true' } }],
    ['execute_bulk', { method: 'POST', url: ITEMS, headers: { 'x-ms-cosmos-is-batch-request': 'True' } }],
    [
      'execute_batch',
      {
        method: 'POST',
        url: ITEMS,
        headers: { 'x-ms-cosmos-is-batch-request': 'True', 'x-ms-cosmos-batch-atomic': 'True' },
      },
    ],
  ] as const)('is called %s', async (operation, sent) => {
    await send(sent);
    expect(spans.under(spans.named('outer'))).toEqual([`${operation} order_pages`]);
  });

  it.each([
    [404, SpanStatusCode.UNSET],
    [412, SpanStatusCode.UNSET],
    [429, SpanStatusCode.ERROR],
    [503, SpanStatusCode.ERROR],
  ])('that is answered with %i has the status code %i', async (status, expected) => {
    await send({ status });
    expect(spans.named('read_item order_pages').status.code).toBe(expected);
  });

  it('is not recorded for metadata', async () => {
    await send({ url: 'https://account.example/dbs/orders/colls/order_pages/pkranges' });
    expect(spans.under(spans.named('outer'))).toEqual([]);
  });
});
