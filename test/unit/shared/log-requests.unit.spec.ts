import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { logRequests } from '../../../src/shared/http/log-requests.ts';
import type { Operation } from '../../../src/shared/http/operation.ts';

/** Handles a request of a route that takes 14 ms, and returns what was logged. */
async function logged(route: string, response: HttpResponseInit): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const context = new InvocationContext({
    logHandler: (level, text) => void lines.push([level, JSON.parse(String(text))]),
  });
  const operation: Operation = {
    name: 'getOrder',
    method: 'GET',
    route,
    summary: '',
    roles: [],
    answers: {},
    problems: [],
  };
  let now = 1_000;
  const handler = logRequests(operation, { monotonicMs: () => now }, async () => {
    now += 14;
    return response;
  });
  const request = new HttpRequest({ method: 'GET', url: 'http://localhost/api/orders/o1?q=Ada' });
  expect(await handler(request, context)).toBe(response);
  return lines;
}

it('logs one line per request: method, route, status, milliseconds and correlation id, but no id or search term of the URL', async () => {
  expect(await logged('orders/{orderId}', { status: 404, headers: { 'x-correlation-id': 'abc' } })).toEqual([
    [
      'information',
      {
        message: 'GET /api/orders/{orderId} 404',
        method: 'GET',
        route: '/api/orders/{orderId}',
        status: 404,
        ms: 14,
        correlationId: 'abc',
      },
    ],
  ]);
});

it.each([
  ['a success', 'orders', {}, 'information'],
  ['a refusal', 'orders', { status: 422 }, 'information'],
  ['a server error', 'orders', { status: 503 }, 'warning'],
  ['a health probe', 'health/live', { status: 200 }, 'debug'],
  ['a failed health probe', 'health/ready', { status: 503 }, 'warning'],
])('logs %s at its level', async (_what, route, response, level) => {
  expect(await logged(route, response)).toMatchObject([[level, {}]]);
});
