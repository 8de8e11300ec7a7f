import { HttpRequest, InvocationContext } from '@azure/functions';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { tracedHandler } from '../../../src/shared/http/traced-handler.ts';
import { recordSpans } from '../../support/recorded-spans.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const spans = recordSpans();

async function answer(status: number, route = 'orders/{orderId}'): Promise<void> {
  const url = 'https://shop.example/api/orders/order-1?q=Ada';
  const request = new HttpRequest({ method: 'GET', url, params: { orderId: 'order-1' } });
  const traceContext = { traceParent: `00-${TRACE_ID}-00f067aa0ba902b7-01` };
  await tracedHandler({ route }, async () => ({ status }))(request, new InvocationContext({ traceContext }));
}

describe('the span of a request', () => {
  it("continues the caller's trace, and has its route, path and status, but no query string", async () => {
    await answer(200);
    const span = spans.named('GET /api/orders/{orderId}');
    expect(span.spanContext().traceId).toBe(TRACE_ID);
    expect(span.kind).toBe(SpanKind.SERVER);
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/orders/{orderId}',
      'url.scheme': 'https',
      'url.path': '/api/orders/order-1',
      'server.address': 'shop.example',
      'cqrs.aggregate_id': 'order-1',
      'http.response.status_code': 200,
    });
  });

  it.each([
    [304, SpanStatusCode.UNSET],
    [404, SpanStatusCode.UNSET],
    [422, SpanStatusCode.UNSET],
    [500, SpanStatusCode.ERROR],
    [503, SpanStatusCode.ERROR],
  ])('that is answered with %i has the status code %i', async (status, expected) => {
    await answer(status);
    expect(spans.named('GET /api/orders/{orderId}').status.code).toBe(expected);
  });

  it('is not recorded for a probe', async () => {
    await answer(200, 'health/ready');
    expect(spans.all()).toEqual([]);
  });
});
