import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { ATTEMPT_LIMIT_MS, createPostMessage, type PostOptions } from '../../src/sync/webhooks/post-message.ts';
import type { Resolve } from '../../src/sync/webhooks/public-address.ts';
import { simulatedRuntime } from '../support/simulated-runtime.ts';
import { CERTIFICATE, type Receiver, startReceiver, status } from '../support/webhooks/receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = status(204);
});
afterAll(() => receiver.close());

const LOCAL: PostOptions = { allowPrivateAddresses: true, ca: CERTIFICATE };
const post = (url: string, options: PostOptions = LOCAL) =>
  createPostMessage(options, systemRuntime)({ url, headers: { 'webhook-id': 'm1' }, body: '{"ä":1}' });

/** Resolves every name to one address after the other, the last one again and again. */
function resolvingTo(...addresses: readonly string[]): Resolve {
  let asked = 0;
  return (_hostname, _options, callback) => {
    const address = addresses[Math.min(asked++, addresses.length - 1)] ?? '';
    callback(null, [{ address, family: 4 } satisfies LookupAddress]);
  };
}

describe('a message', () => {
  it('is sent as JSON with its headers', async () => {
    expect(await post(receiver.url('/hook?of=orders'))).toEqual({ kind: 'delivered', status: 204 });
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = receiver.received;
    expect([path, body]).toEqual(['/hook?of=orders', '{"ä":1}']);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '8', 'webhook-id': 'm1' });
    expect(headers['user-agent']).toBe('orders-webhooks/1');
  });

  it.each([200, 201, 202, 299])('is delivered when the status is %i', async (code) => {
    receiver.answer = status(code);
    expect(await post(receiver.url())).toEqual({ kind: 'delivered', status: code });
  });

  it.each([400, 404, 410, 429, 500, 503])('is not delivered when the status is %i', async (code) => {
    receiver.answer = status(code);
    expect(await post(receiver.url())).toEqual({ kind: 'failed', status: code, reason: `status ${code}` });
  });

  it.each([
    ['a number of seconds', '120', 120_000],
    ['a date', 'Thu, 15 Jan 2026 11:00:00 GMT', 30 * 60_000],
    ['anything else', 'soon', undefined],
  ])('that is refused with Retry-After as %s says when to retry', async (_form, retryAfter, waitMs) => {
    const runtime = { ...systemRuntime, now: () => Date.UTC(2026, 0, 15, 10, 30) };
    receiver.answer = (_request, response) => response.writeHead(503, { 'retry-after': retryAfter }).end();
    const outcome = await createPostMessage(LOCAL, runtime)({ url: receiver.url(), headers: {}, body: '{}' });
    const notBefore = waitMs === undefined ? {} : { notBefore: runtime.now() + waitMs };
    expect(outcome).toEqual({ kind: 'failed', status: 503, reason: 'status 503', ...notBefore });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with status %i', async (code) => {
    receiver.answer = (_request, response) => response.writeHead(code, { location: receiver.url('/elsewhere') }).end();
    const reason = `a redirect (${code}), which is not followed`;
    expect(await post(receiver.url())).toEqual({ kind: 'failed', status: code, reason });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/']);
  });

  it('is delivered by the status of a response that never ends being long', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      const more = () => void (response.destroyed || response.write(Buffer.alloc(64 * 1024), more));
      more();
    };
    expect(await post(receiver.url())).toEqual({ kind: 'delivered', status: 200 });
  });

  it('is delivered by the status of a response that does not end in time', async () => {
    const runtime = simulatedRuntime();
    const started = Promise.withResolvers<unknown>();
    const onResponse = (message: unknown) => started.resolve(message);
    subscribe('http.client.response.finish', onResponse); // the head of a response has arrived
    onTestFinished(() => void unsubscribe('http.client.response.finish', onResponse));
    receiver.answer = (_request, response) => void response.writeHead(200).write('{');
    const send = createPostMessage(LOCAL, runtime)({ url: receiver.url(), headers: {}, body: '{}' });
    await started.promise;
    await runtime.pass(ATTEMPT_LIMIT_MS);
    expect(await send).toEqual({ kind: 'delivered', status: 200 });
  });

  it('fails when there is no response in time, and ends the connection', async () => {
    const runtime = simulatedRuntime();
    const closed = Promise.withResolvers<void>();
    receiver.answer = (_request, response) => response.on('close', closed.resolve);
    const send = createPostMessage(LOCAL, runtime)({ url: receiver.url(), headers: {}, body: '{}' });
    await expect.poll(() => receiver.received.length).toBe(1);
    await runtime.pass(ATTEMPT_LIMIT_MS);
    expect(await send).toEqual({ kind: 'failed', reason: 'no response within 10 s' });
    await closed.promise;
  });

  it('fails when the connection is closed without a response', async () => {
    receiver.answer = (_request, response) => response.destroy();
    expect(await post(receiver.url())).toMatchObject({ kind: 'failed', reason: 'socket hang up' });
  });

  it('fails when the certificate is not trusted, or is for another name', async () => {
    const untrusted = await post(receiver.url(), { allowPrivateAddresses: true });
    const misnamed = await post(receiver.url('/', 'other.test'), { ...LOCAL, resolve: resolvingTo('127.0.0.1') });
    expect([untrusted, misnamed]).toMatchObject([
      { kind: 'failed', reason: expect.stringContaining('self-signed certificate') },
      { kind: 'failed', reason: expect.stringContaining("other.test. is not in the cert's altnames") },
    ]);
    expect(receiver.received).toEqual([]);
  });

  it('fails when nobody listens', async () => {
    expect(await post('https://localhost:1/')).toMatchObject({ kind: 'failed', reason: /ECONNREFUSED/ });
  });
});

describe('an address that is not public', () => {
  const PUBLIC_ONLY = { ...LOCAL, allowPrivateAddresses: false };

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001', '169.254.169.254'])(
    'is not connected to when it is in the URL: %s',
    async (host) => {
      const before = receiver.connections();
      const outcome = await post(receiver.url('/', host), PUBLIC_ONLY);
      expect(outcome).toMatchObject({ kind: 'failed', reason: /^the address .* is not public$/ });
      expect(receiver.connections()).toBe(before);
    },
  );

  it('is not connected to when a name has it', async () => {
    const before = receiver.connections();
    const outcome = await post(receiver.url(), PUBLIC_ONLY);
    expect(outcome).toMatchObject({ kind: 'failed', reason: /^the address (127\.0\.0\.1|::1) is not public$/ });
    expect(receiver.connections()).toBe(before);
  });

  it('is not reached by a name that first had another address (DNS rebinding)', async () => {
    const rebinding = resolvingTo('203.0.114.1', '127.0.0.1');
    const checked: string[] = [];
    rebinding('partner.test', { all: true }, (_error, addresses) =>
      checked.push(...addresses.map((one) => one.address)),
    );
    const before = receiver.connections();
    const outcome = await post(receiver.url('/', 'partner.test'), { ...PUBLIC_ONLY, resolve: rebinding });
    expect(checked).toEqual(['203.0.114.1']);
    expect(outcome).toEqual({ kind: 'failed', reason: 'the address 127.0.0.1 is not public' });
    expect(receiver.connections()).toBe(before);
  });

  it('is resolved once for a connection, and the connection goes to what was checked', async () => {
    let asked = 0;
    const resolve: Resolve = (_hostname, _options, callback) => {
      asked++;
      callback(null, [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }]);
    };
    expect(await post(receiver.url('/', 'partner.test'), { ...LOCAL, resolve })).toMatchObject({ kind: 'delivered' });
    expect(asked).toBe(1);
  });
});
