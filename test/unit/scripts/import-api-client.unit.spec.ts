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
  return createApiClient({ url, token: 'good', signal, patienceMs: 20_000, firstPatienceMs: 50 });
}

const post = (each: ApiClient) => each.post('/customers', { customerId: '7' }, 'key');

describe('the client of the API', () => {
  it('gives up on an API that is throttled for too long, with its words', async () => {
    api.intercept = () => problem(429, 'throttled', 'Slow down.', { 'retry-after': '60' });
    await expect(post(client(api.url))).rejects.toThrow('The API answers 429 throttled (Slow down.; tried for 20 s).');
  });

  it('gives up when nothing answers', async () => {
    await api.close();
    await expect(post(client(api.url))).rejects.toThrow(/^No connection to http.*ECONNREFUSED.*is it running/);
  });

  it.each([403, 302])('does not go on after status %d', async (status) => {
    api.intercept = () => problem(status, 'forbidden', 'Not you.', { location: '/' });
    await expect(post(client(api.url))).rejects.toMatchObject({ name: 'ImportStopped' });
  });

  it('does not take another server for the API', async () => {
    api.intercept = () => ({ status: 404 });
    await expect(post(client(api.url))).rejects.toThrow('is not the orders API (status 404): is the --url right?');
  });

  it('leaves every other answer to its caller', async () => {
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

  it('does not wait for a retry after Ctrl-C', async () => {
    const interrupt = new AbortController();
    api.intercept = () => {
      interrupt.abort();
      return problem(503, 'unavailable', 'Not now.', { 'retry-after': '0' });
    };
    await expect(post(client(api.url, interrupt.signal))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends a read at once on Ctrl-C', async () => {
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
  ])('%s is %s ms', (value, expected) => {
    expect(retryAfterMs(new Headers({ 'retry-after': value }))).toBe(expected);
  });
});
