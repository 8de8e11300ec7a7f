import { HttpRequest, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { endpoint } from '../../../src/shared/http/endpoint.ts';
import { Problem, type ProblemCode } from '../../../src/shared/http/problem.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { recordMetrics } from '../../support/recorded-metrics.ts';

const metrics = recordMetrics();

async function refuse(code: ProblemCode): Promise<void> {
  const handler = endpoint(systemRuntime, () => Promise.reject(new Problem(code, 'Not possible.')));
  const request = new HttpRequest({ method: 'GET', url: 'https://shop.example/api/orders/order-1' });
  await handler(request, new InvocationContext({ functionName: 'getOrder', logHandler: () => {} }));
}

it('a refused request is counted by operation and problem code', async () => {
  await refuse('order-not-found');
  await refuse('throttled');
  expect(metrics.of('cqrs.refusals')).toEqual([
    { value: 1, attributes: { operation: 'getOrder', code: 'order-not-found' } },
    { value: 1, attributes: { operation: 'getOrder', code: 'throttled' } },
  ]);
});

it('a request that fails by our fault is not counted as refused', async () => {
  await refuse('unavailable');
  expect(metrics.of('cqrs.refusals')).toEqual([]);
});
