import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../scripts/cli/http-request.ts';
import { type ApiClient, createApiClient } from '../../../scripts/import/api-client.ts';
import { type FakeApi, problem, startFakeApi } from '../../support/import/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

function client(url: string, signal = new AbortController().signal): ApiClient {
  return createApiClient({ url, token: 'good', signal, retryTimeoutMs: 20_000, firstRetryTimeoutMs: 50 });
}

const post = (each: ApiClient) => each.post('/customers', { customerId: '7' }, 'key');

describe('the API client', () => {
  it('gives up when the API throttles for too long and quotes its answer', async () => {
    api.intercept = () => problem(429, 'throttled', 'Slow down.', { 'retry-after': '60' });
    await expect(post(client(api.url))).rejects.toThrow(
      'The API returned 429 throttled (Slow down.; retried for 20 s).',
    );
  });

  it('gives up when nothing listens at the address', async () => {
    await api.close();
    await expect(post(client(api.url))).rejects.toThrow(
      /^Cannot connect to http.*ECONNREFUSED.*Check that the API is running/,
    );
  });

  it.each([403, 302])('stops the import after status %d', async (status) => {
    api.intercept = () => problem(status, 'forbidden', 'Not you.', { location: '/' });
    await expect(post(client(api.url))).rejects.toMatchObject({ name: 'ImportStopped' });
  });

  it('rejects a server that is not the orders API', async () => {
    api.intercept = () => ({ status: 404 });
    await expect(post(client(api.url))).rejects.toThrow('is not the orders API (status 404). Check --url.');
  });

  it('returns every other response to its caller', async () => {
    api.intercept = () => problem(500, 'internal-error', 'Something went wrong.');
    await expect(post(client(api.url))).resolves.toMatchObject({ status: 500 });
  });

  it('counts its retries', async () => {
    let left = 2;
    api.intercept = () => (left-- > 0 ? problem(503, 'unavailable', 'Not now.', { 'retry-after': '0' }) : undefined);
    const each = client(api.url);
    await post(each);
    expect(each.retries()).toBe(2);
  });

  it('does not retry after Ctrl-C', async () => {
    const interrupt = new AbortController();
    api.intercept = () => {
      interrupt.abort();
      return problem(503, 'unavailable', 'Not now.', { 'retry-after': '0' });
    };
    await expect(post(client(api.url, interrupt.signal))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('aborts a read immediately on Ctrl-C', async () => {
    const interrupt = new AbortController();
    api.intercept = () => {
      interrupt.abort();
      return undefined;
    };
    await expect(client(api.url, interrupt.signal).get('/orders/1', {})).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Retry-After', () => {
  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('of %j is parsed as %s (ms)', (value, expected) => {
    expect(retryAfterMs(new Headers({ 'retry-after': value }))).toBe(expected);
  });
});
