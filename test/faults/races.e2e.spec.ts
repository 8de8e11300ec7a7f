import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { expectLogAndTablesToAgree, tablesOf } from '../support/commands/tables.ts';
import { expectReadableAsWritten } from '../support/shop/orders.ts';
import {
  ADDRESS,
  type ApiClient,
  type ApiResponse,
  apiClient,
  customerAndProduct,
  uniqueId,
} from '../support/system/api-client.ts';
import { IS_WHOLE } from '../support/system/progress.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** Commands that are sent at the same time. */
const MANY = IS_WHOLE ? 200 : 80;

let system: TestSystem;
let second: FunctionsHostProcess;
/** One client per host, both with the role admin. */
let admins: readonly ApiClient[];
beforeAll(async () => {
  system = await startSystem({ COMMAND_DEADLINE_SECONDS: '200' });
  second = await system.startHost();
  const onSecond = apiClient(
    () => `${second.url}/api`,
    () => system.azure.issuer.sign({ roles: ['admin'], lifetime: 3600 }),
  );
  admins = [system.as('admin'), onSecond];
});
afterAll(async () => {
  await second?.stop();
  await system.stop();
});

/**
 * Sends commands concurrently, half to each host, and expects that exactly the accepted ones are written.
 * Returns the number of responses of each kind.
 */
async function sendConcurrently(
  count: number,
  send: (admin: ApiClient, index: number) => Promise<ApiResponse>,
): Promise<Readonly<Record<string, number>>> {
  const commandsBefore = (await tablesOf(system.writeStore)).Commands.length;
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => send(admins[index % 2] ?? system.as('admin'), index)),
  );
  const kinds = answers.map(({ body, headers }) =>
    headers.has('idempotency-replayed') ? 'replayed' : (body.code ?? body.status),
  );
  const tally = Object.fromEntries([...Map.groupBy(kinds, String)].map(([kind, { length }]) => [kind, length]));
  const tables = await tablesOf(system.writeStore);
  const masterKey = openMasterKey({ kind: 'file', path: join(system.data, 'master-key.json') }, systemRuntime);
  expect(tables.Commands.length - commandsBefore).toBe(tally.accepted ?? 0);
  const store = await openWriteStore(`sqlite:${system.writeStore}`, { runtime: systemRuntime });
  await expectLogAndTablesToAgree(store, tables, masterKey).finally(() => store.close());
  return tally;
}

const order = (
  { customerId, productId }: Awaited<ReturnType<typeof customerAndProduct>>,
  orderId = uniqueId('order'),
) => ({
  orderId,
  customerId,
  items: [{ productId, quantity: 1 }],
  shippingAddress: ADDRESS,
});

describe('two hosts on one write store', () => {
  it(`accept 30 orders for the last 30 units when ${MANY} are sent concurrently`, async () => {
    const shop = await customerAndProduct(system.as('admin'), { stock: 30 });
    const answers = await sendConcurrently(MANY, (admin) => admin.post('/orders', order(shop)));
    expect(answers).toEqual({ accepted: 30, 'insufficient-stock': MANY - 30 });
  });

  it(`accept 30 orders when the credit covers 30 and ${MANY} are sent concurrently`, async () => {
    const shop = await customerAndProduct(system.as('admin'), { price: 10, creditLimit: 309.99, stock: 1_000 });
    const answers = await sendConcurrently(MANY, (admin) => admin.post('/orders', order(shop)));
    expect(answers).toEqual({ accepted: 30, 'credit-limit-exceeded': MANY - 30 });
  });

  it(`give each accepted command its own version under ${MANY} concurrent commands on one order, half of them with If-Match`, async () => {
    const orderId = uniqueId('order');
    await system.as('admin').post('/orders/drafts', order(await customerAndProduct(system.as('admin')), orderId));
    const answers = await sendConcurrently(MANY, (admin, index) =>
      admin.send('PUT', `/orders/${orderId}/shipping-address`, {
        body: JSON.stringify(ADDRESS),
        headers: { 'content-type': 'application/json', ...(index % 4 < 2 && { 'if-match': '"1"' }) },
      }),
    );
    const kinds = ['accepted', 'concurrent-update', 'version-mismatch'];
    expect(kinds).toEqual(expect.arrayContaining(Object.keys(answers)));
    await expectReadableAsWritten(system, [orderId]);
  });

  it('accept 10 concurrent commands on one order when the client retries once after concurrent-update', async () => {
    const shop = await customerAndProduct(system.as('admin'));
    const orderId = uniqueId('order');
    await system.as('admin').post('/orders/drafts', order(shop, orderId));
    const line = { productId: shop.productId, quantity: 1 };
    const answers = await sendConcurrently(10, async (admin) => {
      const addItem = () => admin.post(`/orders/${orderId}/items`, line);
      const answer = await addItem();
      return answer.body.code === 'concurrent-update' ? addItem() : answer;
    });
    expect(answers).toEqual({ accepted: 10 });
  });

  it(`accept each of 10 commands once when it is sent ${MANY / 10} times with its idempotency key`, async () => {
    const shop = await customerAndProduct(system.as('admin'), { stock: 1_000 });
    const keys = Array.from({ length: 10 }, () => uniqueId('key'));
    const answers = await sendConcurrently(MANY, (admin, index) => {
      const key = keys[Math.floor(index / (MANY / 10))] ?? '';
      return admin.post('/orders', order(shop, `order-of-${key}`), { 'idempotency-key': key });
    });
    expect(answers).toEqual({ accepted: 10, replayed: MANY - 10 });
  });
});

it('an idempotency key that was used for one order is rejected for another order in the path', async () => {
  const [admin] = admins;
  const shop = await customerAndProduct(system.as('admin'));
  const headers = { 'idempotency-key': uniqueId('key') };
  const codes = [];
  for (const orderId of [uniqueId('order'), uniqueId('order')]) {
    await admin?.post('/orders', order(shop, orderId));
    codes.push((await admin?.post(`/orders/${orderId}/confirm`, {}, headers))?.body.code);
  }
  expect(codes).toEqual([undefined, 'idempotency-key-reused']);
});
