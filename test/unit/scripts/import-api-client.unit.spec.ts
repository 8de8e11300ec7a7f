import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ApiClient, createApiClient } from '../../../scripts/import/api-client.ts';
import { type FakeApi, problem, startFakeApi } from '../../support/import/fake-api.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

function client(url: string): ApiClient {
  return createApiClient({ url, token: 'good', retryTimeoutMs: 20_000, firstRetryTimeoutMs: 50 });
}

const body = { customerId: '7', name: 'Customer 7', email: 'customer-7@example.com', creditLimit: 1 };
const post = ({ orders, settled }: ApiClient, signal = new AbortController().signal) =>
  settled(orders.POST('/customers', { body, signal }));

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

  it('rejects a server whose successful response is not JSON', async () => {
    const page = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    onTestFinished(() => void page.close());
    await once(page, 'listening');
    const { port } = page.address() as AddressInfo; // it listens on a TCP port
    await expect(post(client(`http://127.0.0.1:${port}`))).rejects.toThrow(
      'is not the orders API (no JSON). Check --url.',
    );
  });

  it('lets a command in flight finish after Ctrl-C', async () => {
    const interrupt = new AbortController();
    api.intercept = () => {
      interrupt.abort();
      return undefined;
    };
    await expect(post(client(api.url), interrupt.signal)).resolves.toMatchObject({ response: { status: 202 } });
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
    await expect(post(client(api.url), interrupt.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('aborts a read immediately on Ctrl-C', async () => {
    const interrupt = new AbortController();
    api.intercept = () => {
      interrupt.abort();
      return undefined;
    };
    const read = client(api.url).orders.GET('/orders/{orderId}', {
      params: { path: { orderId: '1' } },
      signal: interrupt.signal,
    });
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
  });
});
