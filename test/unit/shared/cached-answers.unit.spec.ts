import { HttpRequest, type HttpResponseInit, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { authenticatedOperation } from '../../../src/shared/http/authenticated-operation.ts';
import { documentResponse, INCOMPLETE } from '../../../src/shared/http/document-response.ts';
import { listResponse } from '../../../src/shared/http/list-response.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const app = {
  authenticate: async () => ({ userId: 'ada', roles: new Set(['admin'] as const), customerId: undefined }),
  runtime: systemRuntime,
};

/** The status of a query's answer, and the request headers that it depends on. */
async function answered(answer: (request: HttpRequest) => HttpResponseInit): Promise<readonly unknown[]> {
  const operation = {
    name: 'getThing',
    method: 'GET',
    route: 'things',
    summary: '',
    roles: ['admin'],
    answers: {},
    problems: [],
  } as const;
  const { handler } = authenticatedOperation(app, operation, async ({ request }) => answer(request));
  const headers = { authorization: 'Bearer token', 'if-none-match': '"3"' };
  const request = new HttpRequest({ method: 'GET', url: 'https://shop.example/api/things', headers });
  const response = await handler(request, new InvocationContext({ functionName: 'getThing', logHandler: () => {} }));
  return [response?.status ?? 200, new Headers(response?.headers).get('vary')];
}

it.each<[string, number, (request: HttpRequest) => HttpResponseInit]>([
  ['a document', 200, (request) => documentResponse(request, { version: 4 }, {})],
  ['a document that the client has', 304, (request) => documentResponse(request, { version: 3 }, {})],
  ['a document that is incomplete', 200, (request) => documentResponse(request, INCOMPLETE, {})],
  ['a list', 200, () => listResponse({ documents: [], continuationToken: undefined }, () => ({}))],
  ['anything else', 200, () => ({ jsonBody: {} })],
])('a cache keeps %s for one caller and one origin', async (_what, status, answer) => {
  expect(await answered(answer)).toEqual([status, 'authorization, origin']);
});
