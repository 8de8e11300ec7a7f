import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { publishedOperations } from '../support/http/open-api.ts';
import { realIds, withIds } from '../support/shop/examples.ts';
import type { ApiResponse } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** The contract, in its own words: how each command is sent, and by whom. */
const CONTRACT: readonly (readonly [method: string, path: string, command: string, roles: readonly string[]])[] = [
  ['POST', '/orders', 'PlaceOrder', ['customer', 'admin']],
  ['POST', '/orders/drafts', 'CreateOrder', ['customer', 'admin']],
  ['POST', '/orders/{orderId}/items', 'AddItem', ['customer', 'admin']],
  ['DELETE', '/orders/{orderId}/items/{productId}', 'RemoveItem', ['customer', 'admin']],
  ['PUT', '/orders/{orderId}/shipping-address', 'ChangeShippingAddress', ['customer', 'admin']],
  ['POST', '/orders/{orderId}/submit', 'SubmitOrder', ['customer', 'admin']],
  ['POST', '/orders/{orderId}/confirm', 'ConfirmOrder', ['admin']],
  ['POST', '/orders/{orderId}/ship', 'ShipOrder', ['warehouse', 'admin']],
  ['POST', '/orders/{orderId}/deliver', 'DeliverOrder', ['warehouse', 'admin']],
  ['POST', '/orders/{orderId}/cancel', 'CancelOrder', ['customer', 'admin']],
  ['POST', '/orders/{orderId}/refund', 'RefundOrder', ['admin']],
  ['POST', '/customers', 'RegisterCustomer', ['admin']],
  ['PUT', '/customers/{customerId}/contact', 'ChangeCustomerContact', ['customer', 'admin']],
  ['PUT', '/customers/{customerId}/credit-limit', 'ChangeCreditLimit', ['admin']],
  ['POST', '/customers/{customerId}/erase', 'EraseCustomer', ['admin']],
  ['POST', '/products', 'AddProduct', ['admin']],
  ['PUT', '/products/{productId}/price', 'ChangePrice', ['admin']],
  ['POST', '/products/{productId}/stock', 'AdjustStock', ['warehouse', 'admin']],
];
const ROLES = ['customer', 'admin', 'warehouse', 'analyst', 'none'];

const functionOf = (command: string) => command.charAt(0).toLowerCase() + command.slice(1);
const sorted = <Value>(values: Iterable<Value>) => [...values].sort();

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** Sends a command with no data to its own route, or as an envelope; nothing that it names exists. */
function sendEmpty(role: string, [method, path, commandType]: (typeof CONTRACT)[number], as: 'route' | 'envelope') {
  const client = system.as(role, 'nobody');
  if (as === 'envelope') return client.post('/commands', { commandType, aggregateId: 'nothing' });
  return client.send(method, path.replaceAll(/\{\w+\}/g, 'nothing'), {});
}

describe('commands, functions and the published description', () => {
  it('the registry has the commands of the contract, for its roles', () => {
    const registered = commands.map(({ type, roles }) => [type, sorted(roles)]);
    const contract = CONTRACT.map(([, , type, roles]) => [type, sorted(roles)]);
    expect(sorted(registered)).toEqual(sorted(contract));
  });

  /** HTTP functions as the host has started them. */
  const running = () =>
    system.host.functions.flatMap(({ name, methods = [], url }) =>
      url === undefined ? [] : methods.map((method) => `${name}: ${method} ${pathOf(url)}`),
    );

  it('every command is a function of its name at its route', () => {
    const contract = CONTRACT.map(([method, path, command]) => `${functionOf(command)}: ${method} ${path}`);
    expect(contract.filter((entry) => !running().includes(entry))).toEqual([]);
  });

  it('the description has every HTTP function that runs, by its name, method and route, and no other', () => {
    const described = publishedOperations.map(({ operationId, method, path }) => `${operationId}: ${method} ${path}`);
    expect(sorted(described)).toEqual(sorted(running()));
  });

  it('the description has the roles of the contract', () => {
    const described = new Map(publishedOperations.map((operation) => [operation.operationId, operation['x-roles']]));
    for (const [, , command, roles] of CONTRACT) {
      expect([command, sorted(described.get(functionOf(command)) ?? [])]).toEqual([command, sorted(roles)]);
    }
  });
});

describe('authorization', () => {
  const cases = CONTRACT.flatMap((entry) =>
    ROLES.map((role) => ({ entry, role, command: entry[2], may: entry[3].includes(role) })),
  );

  it.each(cases)('$command by the role $role: allowed is $may', async ({ entry, role, may }) => {
    const answers = [await sendEmpty(role, entry, 'route'), await sendEmpty(role, entry, 'envelope')];
    expect(answers.map(({ body }) => body.code !== 'forbidden')).toEqual([may, may]);
  });
});

describe('POST /commands', () => {
  it.each(commands)('takes the data of $type, as its own route does', async ({ type, example }) => {
    const ids = await realIds(system, functionOf(type));
    const { body, status } = await system.as('admin').post('/commands', {
      commandType: type,
      ...(!NEW.has(type) && { aggregateId: ids.get(aggregateOf(type)) }),
      data: withIds(example, ids),
    });
    expect([status, body.code]).toEqual([202, undefined]);
  });

  const withBody = CONTRACT.filter(([method]) => method !== 'DELETE');
  it.each(withBody)('finds the same faults as %s %s in the data', async (method, path, commandType) => {
    const admin = system.as('admin');
    const data = { colour: 'red' };
    const own = await admin.send(method, path.replaceAll(/\{\w+\}/g, 'nothing'), {
      body: JSON.stringify(data),
      headers: { 'content-type': 'application/json' },
    });
    const envelope = await admin.post('/commands', { commandType, aggregateId: 'nothing', data });
    expect(own.status).toBe(400);
    expect(faults(envelope)).toEqual(faults(own));
  });

  it('does not know other commands', async () => {
    const { status, body } = await system.as('admin').post('/commands', { commandType: 'EatOrder' });
    expect([status, body.code]).toEqual([422, 'unknown-command']);
  });
});

/** Commands that make what they are about; their data names it. */
const NEW = new Set(['PlaceOrder', 'CreateOrder', 'RegisterCustomer', 'AddProduct']);

/** The id, in the examples, of what a command is about. */
function aggregateOf(type: string): string {
  const [, path = ''] = CONTRACT.find(([, , command]) => command === type) ?? [];
  return `${/(?<=\{)\w+(?=Id\})/.exec(path)?.[0]}-1`;
}

const faults = ({ status, body }: ApiResponse) => ({ status, code: body.code, errors: body.errors });

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/^\/api/, '');
}
