import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, signedHeaders } from '../../src/sync/webhooks/signature.ts';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { QUICK_WEBHOOKS, startSystem, type TestSystem } from '../support/system/system.ts';
import { CERTIFICATE_FILE, type Received, type Receiver, startReceiver } from '../support/webhooks/receiver.ts';

const SECRET = 'whsec_dGhlIG9sZCBzZWNyZXQgb2YgYSBwYXJ0bmVy';
const NEW_SECRET = 'whsec_dGhlIG5ldyBzZWNyZXQgb2YgYSBwYXJ0bmVy';

let system: TestSystem;
let partner: Receiver;
beforeAll(async () => {
  partner = await startReceiver();
  system = await startSystem({
    ...QUICK_WEBHOOKS,
    WEBHOOK_ALLOW_PRIVATE_ADDRESSES: 'true',
    NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE,
  });
});
afterAll(async () => {
  await system.stop();
  await partner.close();
});

const admin = () => system.as('admin');

/** Subscribes a new URL of the partner. */
async function subscribe(eventTypes: readonly string[], secret = SECRET, path = `/${uniqueId('hook')}`) {
  const { status, body } = await admin().post('/webhooks', { url: partner.url(path), eventTypes, secret });
  if (status > 201) throw new Error(`Not subscribed: ${JSON.stringify(body)}`);
  return { status, path, webhookId: String(body.webhookId), body };
}

async function placeOrder(): Promise<{ readonly orderId: string; readonly customerId: string }> {
  const { customerId, productId } = await customerAndProduct(admin());
  const order = { customerId, items: [{ productId, quantity: 2 }], shippingAddress: ADDRESS };
  const { body } = await admin().post('/orders', order);
  return { orderId: body.orderId, customerId };
}

const receivedAt = (path: string) => partner.received.filter((request) => request.path === path);
const messages = (path: string) => receivedAt(path).map(({ body }) => JSON.parse(body));
const signaturesOf = ({ headers, body }: Received, secrets: readonly string[]) => {
  const sentAt = Number(headers['webhook-timestamp']) * 1000;
  return signedHeaders({ id: String(headers['webhook-id']), sentAt, body }, secrets)['webhook-signature'];
};

describe('a webhook', () => {
  it('receives the events of its types, signed, and lists them as delivered', async () => {
    const { status, path, webhookId, body } = await subscribe(['OrderPlaced']);
    expect([status, body]).toMatchObject([201, { url: partner.url(path), eventTypes: ['OrderPlaced'] }]);
    const { orderId, customerId } = await placeOrder();
    await eventually(
      () => receivedAt(path),
      (requests) => requests.length > 0,
    );

    const [request] = receivedAt(path);
    if (request === undefined) throw new Error('Nothing was received.');
    expect(request.headers['webhook-signature']).toBe(signaturesOf(request, [SECRET]));
    expect(messages(path)).toMatchObject([
      { type: 'OrderPlaced', data: { aggregateId: orderId, version: 1, order: { orderId, customerId, total: 59.98 } } },
    ]);
    expect(request.body).not.toMatch(/lovelace|ada@example|main st/i);
    const { body: list } = await eventually(
      () => admin().get(`/webhooks/${webhookId}/deliveries?status=delivered`),
      (answer) => answer.body.items.length > 0,
    );
    expect(list.items).toMatchObject([
      { messageId: request.headers['webhook-id'], eventType: 'OrderPlaced', aggregateId: orderId, attempts: 1 },
    ]);
  });

  it('is listed without its secret, page by page, newest first', async () => {
    const first = await subscribe(['OrderShipped']);
    const second = await subscribe(['OrderShipped', 'OrderDelivered', 'OrderShipped']);
    const { body: page } = await admin().get('/webhooks?limit=1');
    const { body: next } = await admin().get(`/webhooks?limit=1&continuationToken=${page.continuationToken}`);
    expect([page.items, next.items]).toMatchObject([
      [{ webhookId: second.webhookId, eventTypes: ['OrderDelivered', 'OrderShipped'] }],
      [{ webhookId: first.webhookId }],
    ]);
    const all = JSON.stringify((await admin().get('/webhooks?limit=100')).body);
    for (const text of [SECRET.slice(6), keyOf(SECRET).toString(), 'wrappedKey']) expect(all).not.toContain(text);
  });

  it('is signed with both secrets while the secret is being changed', async () => {
    const before = await subscribe(['OrderPlaced']);
    const after = await subscribe(['OrderPlaced'], NEW_SECRET, before.path);
    expect([after.status, after.webhookId]).toEqual([200, before.webhookId]);
    expect(Date.parse(after.body.previousSecretUntil)).toBeGreaterThan(Date.now());
    const again = await subscribe(['OrderPlaced'], NEW_SECRET, before.path);
    expect(again.body).toEqual(after.body);

    await placeOrder();
    const [request] = await eventually(
      () => receivedAt(before.path),
      (requests) => requests.length > 0,
    );
    expect(request?.headers['webhook-signature']).toBe(request && signaturesOf(request, [NEW_SECRET, SECRET]));
  });

  it('is told of an erased customer, and a replay of before says nothing about them', async () => {
    const { orderId, customerId } = await placeOrder();
    const { path, webhookId } = await subscribe(['CustomerErased', 'CustomerRegistered', 'OrderPlaced']);
    await admin().post(`/customers/${customerId}/erase`, {});
    await eventually(
      () => messages(path),
      (received) => received.some(({ type }) => type === 'CustomerErased'),
    );

    const from = new Date(Date.now() - 3_600_000).toISOString();
    const started = await admin().post(`/webhooks/${webhookId}/replay`, { from });
    expect([started.status, started.body.replay]).toMatchObject([202, { from, status: 'running', queued: 0 }]);
    const about = (received: readonly { readonly data: { readonly aggregateId: string } }[], id: string) =>
      received.filter(({ data }) => data.aggregateId === id);
    await eventually(
      () => messages(path),
      (received) => about(received, orderId).length > 0 && about(received, customerId).length > 2,
    );
    expect(JSON.stringify(receivedAt(path))).not.toMatch(/lovelace|ada@example|main st|\[erased\]/i);
    const erased = receivedAt(path).filter(
      ({ body }) => body.includes('"CustomerErased"') && body.includes(customerId),
    );
    expect(new Set(erased.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await eventually(
      async () => (await admin().get('/webhooks?limit=100')).body.items,
      (items) =>
        items.some(
          (one: { webhookId: string; replay?: { status: string } }) =>
            one.webhookId === webhookId && one.replay?.status === 'completed',
        ),
    );
  });

  it('is served while another partner does not answer', async () => {
    const stuck = await subscribe(['OrderPlaced'], SECRET, '/stuck');
    const quick = await subscribe(['OrderPlaced']);
    const answer = partner.answer;
    partner.answer = (request, response) => (request.path === '/stuck' ? undefined : answer(request, response));
    for (const count of [1, 2, 3]) {
      await placeOrder();
      await eventually(
        () => receivedAt(quick.path),
        (requests) => requests.length >= count,
      );
    }
    const { body } = await admin().get(`/webhooks/${stuck.webhookId}/deliveries`);
    expect(body.items.filter(({ status }: { status: string }) => status === 'delivered')).toEqual([]);
    expect(receivedAt('/stuck').length).toBeGreaterThan(0);
    partner.answer = answer;
  });

  it('receives nothing more once it is deleted', async () => {
    const { path, webhookId } = await subscribe(['OrderPlaced']);
    const kept = await subscribe(['OrderPlaced']);
    expect((await admin().send('DELETE', `/webhooks/${webhookId}`, {})).status).toBe(204);
    await placeOrder();
    await eventually(
      () => receivedAt(kept.path),
      (requests) => requests.length > 0,
    );
    expect(receivedAt(path)).toEqual([]);
    for (const [method, route] of [
      ['DELETE', ''],
      ['GET', '/deliveries'],
    ] as const) {
      const { status, body } = await admin().send(method, `/webhooks/${webhookId}${route}`, {});
      expect([status, body.code]).toEqual([404, 'webhook-not-found']);
    }
    const { status, body } = await admin().post(`/webhooks/${webhookId}/replay`, { from: '2026-01-01T00:00:00Z' });
    expect([status, body.code]).toEqual([404, 'webhook-not-found']);
  });
});
