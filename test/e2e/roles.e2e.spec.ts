import { WebPubSubClient } from '@azure/web-pubsub-client';
import { describe, expect, onTestFinished } from 'vitest';
import { operationsByApp } from '../../scripts/generate/load-operations.ts';
import { bodiesOf, isSeen, seenByRole } from '../../scripts/generate/roles.ts';
import { ROLES, type Role } from '../../src/shared/auth/authenticate.ts';
import type { Operation } from '../../src/shared/http/operation.ts';
import { publishedOperation } from '../support/http/open-api.ts';
import { sendExample } from '../support/http/send-example.ts';
import { realIds, withIds } from '../support/shop/examples.ts';
import { orderIn, STEPS } from '../support/shop/order-steps.ts';
import { eventually } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

/** The names of the fields of a body, with a dot between levels. Empty lists, objects and bodies have none. */
function fieldsIn(body: unknown, path = ''): readonly string[] {
  if (body === '' && path === '') return [];
  if (Array.isArray(body)) return [...new Set(body.flatMap((entry) => fieldsIn(entry, path)))];
  if (typeof body !== 'object' || body === null) return [path];
  const names = Object.entries(body).flatMap(([name, inner]) =>
    fieldsIn(inner, path === '' ? name : `${path}.${name}`),
  );
  return [...new Set(names)];
}

const operations = [...operationsByApp().keys()].filter(({ roles }) => roles.length > 0);

/** A command that the warehouse may execute; the example of the operation is another one. */
const STOCK_ARRIVES = { commandType: 'AdjustStock', aggregateId: 'product-1', data: { delta: 1, reason: 'delivery' } };

async function call({ name }: Operation, role: string, ids: ReadonlyMap<string, string>) {
  const operation = publishedOperation(name);
  const [example] = Object.values(operation.requestBody?.content['application/json']?.examples ?? {});
  const customerId = role === 'customer' ? ids.get('customer-1') : undefined;
  const token = await system.azure.issuer.sign({ roles: [role], customerId, lifetime: 3600 });
  const sent = name === 'executeCommand' && role === 'warehouse' ? STOCK_ARRIVES : example?.value;
  const body = sent === undefined ? undefined : withIds(sent, ids);
  return sendExample(system, operation, { ids, token, body });
}

/** What the role may see of the operation's answers. */
function visible(operation: Operation, role: Role, field: string): boolean {
  return bodiesOf(operation).some((body) => isSeen(field, seenByRole(operation, body).get(role)?.fields ?? new Set()));
}

const CASES = operations.flatMap((operation) => ROLES.map((role) => [operation.name, role, operation] as const));
const ALLOWED = CASES.filter(([, role, operation]) => operation.roles.includes(role));
const REFUSED = [
  ...CASES.filter(([, role, operation]) => !operation.roles.includes(role)),
  ...operations
    .filter(({ publicBySetting }) => publicBySetting === undefined)
    .map((operation) => [operation.name, 'none', operation] as const),
];

describe('an operation answers each role with the fields of the table', () => {
  it.each(ALLOWED)('%s: %s', async (_name, role, operation) => {
    const ids = await realIds(system, operation.name);
    const answer = await eventually(
      () => call(operation, role, ids),
      ({ status }) => status !== 404,
    );
    expect([answer.status < 300, fieldsIn(answer.body).filter((field) => !visible(operation, role, field))]).toEqual([
      true,
      [],
    ]);
  });

  it.each(REFUSED)('%s refuses %s', async (_name, role, operation) => {
    const { status, body } = await call(operation, role, new Map([['customer-1', 'nobody']]));
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

const DELIVERED = '?include=history,tracking';

describe('an order that was delivered', () => {
  it.each([
    ['GET /orders/{orderId}', (orderId: string) => `/orders/${orderId}${DELIVERED}`],
    ['GET /orders/{orderId}/changes', (orderId: string) => `/orders/${orderId}/changes`],
  ] as const)('is shown to the warehouse in exactly the fields of the table: %s', async (title, pathOf) => {
    const operation = operations.find(({ method, route }) => `${method} /${route}` === title);
    if (operation === undefined) throw new Error(`There is no ${title}.`);
    const { orderId, customerId, admin, warehouse } = await orderIn(system, 'delivered');
    await admin.get(`/orders/${orderId}?minVersion=7`);
    const asAdmin = await admin.get(pathOf(orderId));
    const asOwner = await system.as('customer', customerId).get(pathOf(orderId));
    const asWarehouse = await warehouse.get(pathOf(orderId));

    const fields = fieldsIn(asAdmin.body);
    expect(fieldsIn(asOwner.body)).toEqual(fields);
    const expected = fields.filter((field) => visible(operation, 'warehouse', field));
    expect(fieldsIn(asWarehouse.body).toSorted()).toEqual(expected.toSorted());
    expect(expected.length).toBeLessThan(fields.length);
  });

  it.each(['draft', 'submitted', 'cancelled'] as const)(
    'is not shown to the warehouse while it is %s and was never confirmed',
    async (status) => {
      const { orderId, admin, warehouse } = await orderIn(system, status);
      await eventually(
        () => admin.get(`/orders/${orderId}`),
        ({ body }) => body.status === status,
      );
      const answers = [
        await warehouse.get(`/orders/${orderId}`),
        await warehouse.get(`/orders/${orderId}/changes`, { prefer: 'wait=0' }),
        await warehouse.send('POST', `/orders/${orderId}/subscriptions`, {}),
      ];
      expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(
        answers.map(() => [404, 'order-not-found']),
      );
    },
  );
});

describe('the changes that are pushed', () => {
  interface Change {
    readonly version: number;
  }

  async function connect(url: string): Promise<readonly Change[]> {
    const changes: Change[] = [];
    const client = new WebPubSubClient({ getClientAccessUrl: async () => url });
    client.on('group-message', ({ message }) => changes.push(message.data as Change)); // JSON, checked by the test
    await client.start();
    onTestFinished(async () => client.stop());
    return changes;
  }

  it('have for the warehouse only the fields of the table, and end with the refund', async () => {
    const operation = operations.find(({ name }) => name === 'subscribeToOrder');
    if (operation?.messages === undefined) throw new Error('Nothing is pushed.');
    const table = seenByRole(operation, operation.messages);
    const cast = await orderIn(system, 'confirmed');
    const { orderId, customer, warehouse, admin } = cast;
    await admin.get(`/orders/${orderId}?minVersion=5`);
    const subscribe = async (as: typeof admin) =>
      connect((await as.send('POST', `/orders/${orderId}/subscriptions`, {})).body.url);
    const [seenByCustomer, seenByWarehouse] = [await subscribe(customer), await subscribe(warehouse)];

    for (const step of ['ShipOrder', 'DeliverOrder', 'RefundOrder'] as const) await STEPS[step](cast);
    const last = (changes: readonly Change[]) => changes.at(-1)?.version;
    await expect.poll(() => [last(seenByCustomer), last(seenByWarehouse)]).toEqual([8, 8]);

    expect(JSON.stringify(seenByCustomer)).toContain('broken');
    expect(JSON.stringify(seenByWarehouse)).not.toContain('broken');
    const fields = table.get('warehouse')?.fields ?? new Set();
    expect(fieldsIn(seenByWarehouse).filter((field) => !isSeen(field, fields))).toEqual([]);
  });
});

describe('a search', () => {
  it('finds no order by a name for analysts, and shows no person, not even in its continuation token', async () => {
    const { orderId, customerId, admin } = await orderIn(system, 'confirmed');
    await orderIn(system, 'confirmed');
    const analyst = system.as('analyst');
    const find = async (client: typeof admin, q: string) => (await client.get(`/orders?limit=1&q=${q}`)).body;
    await eventually(
      () => find(admin, `lovelace%20${orderId}`),
      ({ items }) => items.length === 1,
    );

    for (const q of ['lovelace', `lovelace%20${orderId}`, customerId])
      expect((await find(analyst, q)).items).toEqual([]);
    expect((await find(analyst, orderId)).items).toMatchObject([{ orderId }]);
    const { items, continuationToken } = await find(analyst, 'lamp');
    const shown = JSON.stringify(items) + Buffer.from(continuationToken, 'base64url').toString();
    expect([items.length, /lovelace|customer/i.test(shown)]).toEqual([1, false]);
  });
});
