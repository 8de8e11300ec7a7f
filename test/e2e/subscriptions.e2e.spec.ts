import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { watchWithSample } from '../support/client/push-sample.ts';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { crashHost } from '../support/system/crash.ts';
import { QUICK_TAKEOVER, startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let customerId: string;
let productId: string;
let orderId: string;

beforeAll(async () => {
  system = await startSystem(QUICK_TAKEOVER);
  ({ customerId, productId } = await customerAndProduct(system.as('admin')));
});
afterAll(() => system.stop());

async function place(): Promise<string> {
  const id = uniqueId('order');
  const items = [{ productId, quantity: 1 }];
  await system.as('admin').post('/orders', { orderId: id, customerId, items, shippingAddress: ADDRESS });
  await eventually(
    () => system.as('admin').get(`/orders/${id}`),
    ({ status }) => status === 200,
  );
  return id;
}

/** Every test has an order of its own, of version 1. */
beforeEach(async () => {
  orderId = await place();
});

const confirm = (id = orderId) => system.as('admin').post(`/orders/${id}/confirm`, {});
const ship = () => system.as('admin').post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z' });

const subscribe = (role: string, customer?: string, path = `/orders/${orderId}/subscriptions`) =>
  system.as(role, customer).send('POST', path, {});

interface Change {
  readonly orderId: string;
  readonly version: number;
  readonly status: string;
}

/** Connects as a client of the service's own SDK would; resolves once it is connected. */
async function connect(path?: string): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const client = new WebPubSubClient({
    getClientAccessUrl: async () => (await subscribe('admin', undefined, path)).body.url,
  });
  client.on('group-message', ({ message }) => changes.push(message.data as Change)); // JSON, checked by the test
  await client.start();
  onTestFinished(async () => client.stop());
  return changes;
}

/** The versions that were pushed, without the first one, which may come before the client connects or after it. */
const versions = (changes: readonly Change[], of = orderId) => [
  ...new Set(changes.filter((change) => change.orderId === of && change.version > 1).map(({ version }) => version)),
];

describe('a subscription to an order', () => {
  it('is a URL that can be used for two minutes', async () => {
    const { status, body, headers } = await subscribe('admin');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ url: expect.stringMatching(/^ws:\/\//), expiresAt: expect.any(String) });
    const minutes = (Date.parse(body.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(0);
    expect(minutes).toBeLessThanOrEqual(2);
  });

  it('pushes each change once the order page has it', async () => {
    const changes = await connect();
    await confirm();
    await expect.poll(() => versions(changes)).toEqual([2]);
    const page = await system.as('admin').get(`/orders/${orderId}`);
    expect([page.body.version, changes.find(({ version }) => version === 2)?.status]).toEqual([2, 'confirmed']);
    await ship();
    await expect.poll(() => versions(changes)).toEqual([2, 3]);
  });

  it('pushes no change of another order', async () => {
    const changes = await connect();
    const other = await place();
    await confirm(other);
    await confirm();
    await expect.poll(() => versions(changes)).toEqual([2]);
    expect(versions(changes, other)).toEqual([]);
  });

  it('grants only receiving: joining another group is refused', async () => {
    const { body } = await subscribe('admin');
    const socket = new WebSocket(body.url, 'json.webpubsub.azure.v1');
    onTestFinished(() => socket.close());
    const acked = Promise.withResolvers<unknown>();
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'joinGroup', group: 'all-orders', ackId: 1 })),
    );
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data));
      if (message.type === 'ack') acked.resolve(message);
    });
    expect(await acked.promise).toMatchObject({ success: false, error: { name: 'Forbidden' } });
  });
});

describe('a subscription to all orders', () => {
  it('pushes the changes of every order', async () => {
    const changes = await connect('/admin/subscriptions');
    const other = await place();
    await Promise.all([confirm(), confirm(other)]);
    await eventually(
      () => [versions(changes).includes(2), versions(changes, other).includes(2)],
      (seen) => seen.every(Boolean),
    );
  });
});

describe('the typed client of a console', () => {
  it('yields the changes of all orders until it is stopped', async () => {
    const stopping = new AbortController();
    const changes: Change[] = [];
    const watching = (async () => {
      const { signal } = stopping;
      for await (const change of system.as('admin').orders.watchAllOrders({ signal })) changes.push(change);
    })();
    // It misses what happens before it is connected.
    const confirmed: string[] = [];
    await eventually(
      async () => {
        confirmed.push(await place());
        await confirm(confirmed.at(-1));
      },
      () => confirmed.some((id) => versions(changes, id).includes(2)),
    );
    stopping.abort();
    await watching;
  });
});

describe('the right to subscribe', () => {
  it.each([
    ['admin', undefined, 200],
    ['warehouse', undefined, 404],
    ['analyst', undefined, 403],
    ['customer', 'someone-else', 404],
    ['none', undefined, 403],
  ])('to an order: %s %s: %i', async (role, customer, status) => {
    expect((await subscribe(role, customer)).status).toBe(status);
  });

  it('to an order is granted to the warehouse once it is confirmed', async () => {
    await confirm();
    await eventually(
      () => subscribe('warehouse'),
      ({ status }) => status === 200,
    );
  });

  it('to an order is granted to its own customer', async () => {
    expect((await subscribe('customer', customerId)).status).toBe(200);
  });

  it.each(['customer', 'warehouse', 'analyst', 'none'])('to all orders: not %s', async (role) => {
    expect((await subscribe(role, customerId, '/admin/subscriptions')).status).toBe(403);
  });

  it('to an order that does not exist is granted to nobody', async () => {
    const { status, body } = await subscribe('admin', undefined, '/orders/no-such-order/subscriptions');
    expect([status, body.code]).toEqual([404, 'order-not-found']);
  });
});

/** Ways to watch the order. Each adds its changes to the list, until the signal is aborted. */
const WATCHES: Readonly<Record<string, (changes: Change[], signal: AbortSignal) => Promise<void>>> = {
  'docs/push.md': async (changes, stop) => {
    const api = `${system.host.url}/api`;
    const token = () => system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 });
    await watchWithSample({ api, orderId, token, onChange: (change: Change) => changes.push(change), stop });
  },
  watchOrder: async (changes, signal) => {
    for await (const change of system.as('admin').orders.watchOrder(orderId, { signal })) changes.push(change);
  },
  pollChanges: async (changes, signal) => {
    for await (const change of system.as('admin').orders.pollChanges(orderId, { signal })) changes.push(change);
  },
};

describe('each client that watches an order', () => {
  /** Starts all clients at once. Returns the versions that each has shown. */
  function watch(): () => Readonly<Record<string, readonly number[]>> {
    const stopping = new AbortController();
    const shown = Object.entries(WATCHES).map(([name, start]) => {
      const changes: Change[] = [];
      return { name, changes, ended: start(changes, stopping.signal).catch((error: unknown) => error) };
    });
    onTestFinished(async () => {
      stopping.abort();
      await Promise.all(shown.map(({ ended }) => ended));
    });
    return () => Object.fromEntries(shown.map(({ name, changes }) => [name, changes.map(({ version }) => version)]));
  }
  const each = (versions: readonly number[]) =>
    Object.fromEntries(Object.keys(WATCHES).map((name) => [name, versions]));

  it('shows what has happened before, then each change as it comes', async () => {
    const shown = watch();
    await expect.poll(shown).toEqual(each([1]));
    await confirm();
    await expect.poll(shown).toEqual(each([1, 2]));
  });

  it('misses nothing and repeats nothing when its connection drops', async () => {
    const shown = watch();
    await expect.poll(shown).toEqual(each([1]));
    system.azure.webPubSub.dropConnections();
    await confirm();
    await ship();
    await expect.poll(shown).toEqual(each([1, 2, 3]));
  });

  it('misses nothing and repeats nothing when Web PubSub refuses calls for a while', async () => {
    const shown = watch();
    await expect.poll(shown).toEqual(each([1]));
    const recover = system.azure.webPubSub.injectFault({ status: 503 });
    await confirm();
    await eventually(
      () => system.host.output(),
      (output) => output.includes('Changes cannot be pushed to Web PubSub'),
    );
    recover();
    await ship();
    await expect.poll(shown).toEqual(each([1, 2, 3]));
  });

  it('misses nothing and repeats nothing when the host is killed', async () => {
    const shown = watch();
    await expect.poll(shown).toEqual(each([1]));
    const { port } = new URL(system.host.url);
    await confirm();
    await crashHost(system);
    system.host = await system.startHost({}, undefined, Number(port));
    await ship();
    await expect.poll(shown).toEqual(each([1, 2, 3]));
  });

  it('shows an order that the read model does not have yet', async () => {
    orderId = uniqueId('order');
    const shown = watch();
    const body = { orderId, customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    await system.as('admin').orders.POST('/orders', { body });
    await expect.poll(() => [shown().watchOrder, shown().pollChanges]).toEqual([[1], [1]]);
  });
});
