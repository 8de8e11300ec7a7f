import { describe, expect, expectTypeOf, it } from 'vitest';
import { ApiError, ConnectionError, isProblem, type ProblemCode } from '../../../clients/typescript/src/index.ts';
import type { PROBLEMS } from '../../../src/shared/http/problem.ts';
import { clientOf, type FakeAnswer, problem } from '../../support/client/fake-fetch.ts';

/** The error with which a request fails. */
async function errorOf(answer: FakeAnswer): Promise<unknown> {
  const { orders } = clientOf([answer], { retry: { timeoutMs: 0 } });
  return orders.GET('/orders/{orderId}', { params: { path: { orderId: 'o1' } } }).catch((error: unknown) => error);
}

describe('a problem', () => {
  it('is thrown with its status, code, detail and headers', async () => {
    const error = await errorOf(problem(404, 'order-not-found', { 'x-correlation-id': 'c' }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: 'ApiError',
      status: 404,
      code: 'order-not-found',
      message: 'The detail of order-not-found.',
    });
    expect(error instanceof ApiError && error.headers.get('x-correlation-id')).toBe('c');
    expect(error instanceof ApiError && error.problem?.type).toBe('urn:orders:problem:order-not-found');
  });

  it('is recognized by its code, one of several, or any', async () => {
    const error = await errorOf(problem(422, 'insufficient-stock'));
    expect(isProblem(error)).toBe(true);
    expect(isProblem(error, 'insufficient-stock')).toBe(true);
    expect(isProblem(error, 'price-changed', 'insufficient-stock')).toBe(true);
    expect(isProblem(error, 'price-changed')).toBe(false);
  });

  it.each([
    ['a page of a proxy', () => new Response('<html>Bad gateway</html>', { status: 502 })],
    ['JSON without a code', () => Response.json({ message: 'no' }, { status: 502 })],
    ['null', () => new Response('null', { status: 502 })],
    ['nothing', () => new Response(null, { status: 502 })],
  ])('is not what a response with %s is', async (_what, answer) => {
    const error = await errorOf(answer);
    expect(error).toMatchObject({ name: 'ApiError', status: 502, code: undefined, problem: undefined });
    expect(isProblem(error)).toBe(false);
  });

  it('is not what any other error is', () => {
    expect([new Error('no'), new ConnectionError('no'), undefined].map((error) => isProblem(error))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the type of a code', () => {
  it('is the union of all codes of the API', () => {
    expectTypeOf<keyof typeof PROBLEMS>().toEqualTypeOf<ProblemCode>();
  });

  it('is narrowed to the codes that were asked for', () => {
    const error: unknown = undefined;
    if (isProblem(error, 'price-changed', 'insufficient-stock')) {
      expectTypeOf(error.code).toEqualTypeOf<'price-changed' | 'insufficient-stock'>();
      expectTypeOf(error.problem.detail).toEqualTypeOf<string>();
    }
    // @ts-expect-error a misspelled code
    expect(isProblem(error, 'price-change')).toBe(false);
  });
});
