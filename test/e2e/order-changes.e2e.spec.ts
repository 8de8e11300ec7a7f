import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let customerId: string;
let productId: string;
let orderId: string;

beforeAll(async () => {
  system = await startSystem({ CHANGES_STREAM_SECONDS: '5' });
  ({ customerId, productId } = await customerAndProduct(system.as('admin')));
});
afterAll(() => system.stop());

/** Every test has an order of its own, of version 1. */
beforeEach(async () => {
  orderId = uniqueId('order');
  const items = [{ productId, quantity: 1 }];
  await system.as('admin').post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS });
  await system.as('admin').get(`/orders/${orderId}?minVersion=1`);
});

interface Asked {
  readonly role?: string;
  readonly customer?: string;
  readonly lastEventId?: string;
  readonly of?: string;
  readonly query?: string;
  readonly signal?: AbortSignal;
}

async function ask({
  role = 'admin',
  customer,
  lastEventId,
  of = orderId,
  query = '',
  signal,
}: Asked = {}): Promise<Response> {
  const token = await system.azure.issuer.sign({ roles: [role], customerId: customer, lifetime: 3600 });
  return fetch(`${system.host.url}/api/orders/${of}/changes${query}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    ...(signal !== undefined && { signal }),
  });
}

/** The events of a stream as they come. */
async function* eventsOf(response: Response) {
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + piece).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, data = ''] = /^id: (\d+)\nevent: order-changed\ndata: (.*)$/.exec(block) ?? [];
      if (id !== undefined) yield { id, ...JSON.parse(data) };
    }
  }
}

async function nextOf(events: ReturnType<typeof eventsOf>): Promise<readonly unknown[]> {
  const { value } = await events.next();
  return [value?.id, value?.eventType, value?.order?.status];
}

const confirm = () => system.as('admin').post(`/orders/${orderId}/confirm`, {});
const ship = () =>
  system.as('admin').post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z999AA10123456784' });

describe('GET /orders/{orderId}/changes', () => {
  it('waits for the version that a client has just written', async () => {
    await confirm();
    const stop = new AbortController();
    const events = eventsOf(await ask({ query: '?minVersion=2', signal: stop.signal }));
    expect(await nextOf(events)).toEqual(['2', 'OrderConfirmed', 'confirmed']);
    stop.abort();
  });

  it('sends the present state, then each change while the stream is open, and ends', async () => {
    const response = await ask();
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ]);
    const events = eventsOf(response);
    expect(await nextOf(events)).toEqual(['1', 'OrderPlaced', 'submitted']);
    await confirm();
    expect(await nextOf(events)).toEqual(['2', 'OrderConfirmed', 'confirmed']);
    await ship();
    expect(await nextOf(events)).toEqual(['3', 'OrderShipped', 'shipped']);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('goes on after a dropped connection: nothing is lost, nothing comes twice', async () => {
    const dropping = new AbortController();
    const first = eventsOf(await ask({ signal: dropping.signal }));
    expect(await nextOf(first)).toEqual(['1', 'OrderPlaced', 'submitted']);
    dropping.abort();
    await confirm();
    await ship();
    await system.as('admin').get(`/orders/${orderId}?minVersion=3`);
    const second = eventsOf(await ask({ lastEventId: '1' }));
    expect([await nextOf(second), await nextOf(second)]).toEqual([
      ['2', 'OrderConfirmed', undefined],
      ['3', 'OrderShipped', 'shipped'],
    ]);
    await second.return();
  });

  it('costs a point read a second, and nothing once the client has gone', async () => {
    const leaving = new AbortController();
    const requests = system.azure.cosmosDb.requests;
    const response = await ask({ signal: leaving.signal });
    requests.reset();
    await eventually(
      () => readsOf(requests).requests,
      (reads) => reads === 2,
    );
    expect(readsOf(requests).requestCharge).toBeLessThanOrEqual(4);
    leaving.abort();
    await expect(response.text()).rejects.toThrow('aborted');
    const { requests: before } = readsOf(requests);
    // A look that was under way may still be counted; further ones would come within this time
    await new Promise((resume) => setTimeout(resume, 2_200));
    expect(readsOf(requests).requests - before).toBeLessThanOrEqual(1);
  });

  it('waits for Cosmos DB to come back, and then goes on', async () => {
    const events = eventsOf(await ask());
    expect(await nextOf(events)).toEqual(['1', 'OrderPlaced', 'submitted']);
    const recover = system.azure.cosmosDb.injectFault({ status: 503, operation: 'Read' });
    await confirm();
    await new Promise((resume) => setTimeout(resume, 1_500));
    recover();
    expect(await nextOf(events)).toEqual(['2', 'OrderConfirmed', 'confirmed']);
    await events.return();
  });

  it('ends with the host', async () => {
    const host = await system.startHost({ CHANGES_STREAM_SECONDS: '200' });
    const token = await system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${host.url}/api/orders/${orderId}/changes`, { headers });
    const ended = response.text().catch(() => 'cut');
    await host.stop();
    expect(await ended).toBe('cut');
  });
});

describe('docs/push.md', () => {
  it('has a reader for browsers that works', async () => {
    const [, source = ''] = /```js\n(.*?)```/s.exec(readFileSync('docs/push.md', 'utf8')) ?? [];
    const { follow } = await import(`data:text/javascript,${encodeURIComponent(`${source}; export { follow };`)}`);
    const token = () => system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 });
    const [versions, stop] = [[] as number[], new AbortController()];
    const onChange = ({ version }: { readonly version: number }) => versions.push(version);
    const following = follow(`${system.host.url}/api/orders/${orderId}/changes`, token, onChange, stop.signal);
    await expect.poll(() => versions, { timeout: 5_000 }).toEqual([1]);
    await confirm();
    await expect.poll(() => versions, { timeout: 5_000 }).toEqual([1, 2]);
    stop.abort();
    await following;
  });
});

describe('who may see the changes of an order', () => {
  it.each([
    ['admin', undefined, 200],
    ['warehouse', undefined, 200],
    ['analyst', undefined, 403],
    ['customer', 'someone-else', 404],
    ['none', undefined, 403],
  ])('%s %s: %i', async (role, customer, status) => {
    const leaving = new AbortController();
    const response = await ask({ role, ...(customer !== undefined && { customer }), signal: leaving.signal });
    expect(response.status).toBe(status);
    leaving.abort();
  });

  it('its own customer', async () => {
    const events = eventsOf(await ask({ role: 'customer', customer: customerId }));
    expect(await nextOf(events)).toEqual(['1', 'OrderPlaced', 'submitted']);
    await events.return();
  });

  it('nobody without a token', async () => {
    const response = await fetch(`${system.host.url}/api/orders/${orderId}/changes`);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it.each([
    ['an order that does not exist', { of: 'no-such-order' }, 404, 'order-not-found'],
    ['a Last-Event-ID that is no version', { lastEventId: 'x' }, 400, 'validation-failed'],
    ['a negative Last-Event-ID', { lastEventId: '-1' }, 400, 'validation-failed'],
  ])('%s is a problem, before any stream', async (_what, asked, status, code) => {
    const response = await ask(asked);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await response.json()).toMatchObject({ code });
  });
});
