import { describe, expect } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { publishedOperations } from '../support/http/open-api.ts';
import { EXAMPLE_ORDER, realIds, withIds } from '../support/shop/examples.ts';
import type { ApiResponse } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

/** The contract, stated independently of the code: the route and the roles of each command. */
const CONTRACT: readonly (readonly [method: string, path: string, command: string, roles: readonly string[]])[] = [
  ['POST', '/orders', 'PlaceOrder', ['customer', 'admin']],
  ['POST', '/orders/drafts', 'CreateOrder', ['customer', 'admin']],
  ['POST', '/orders/{orderId}/items', 'AddItem', ['customer', 'admin']],
  ['DELETE', '/orders/{orderId}/items/{productId}', 'RemoveItem', ['customer', 'admin']],
  ['PUT', '/orders/{orderId}/lines/{line}', 'ChangeQuantity', ['customer', 'admin']],
  ['DELETE', '/orders/{orderId}/lines/{line}', 'RemoveLine', ['customer', 'admin']],
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
  ['PUT', '/products/{productId}/name', 'RenameProduct', ['admin']],
  ['POST', '/products/{productId}/discontinue', 'DiscontinueProduct', ['admin']],
  ['PUT', '/products/{productId}/price', 'ChangePrice', ['admin']],
  ['POST', '/products/{productId}/stock', 'AdjustStock', ['warehouse', 'admin']],
];
const ROLES = ['customer', 'admin', 'warehouse', 'analyst', 'none'];

const functionOf = (command: string) => command.charAt(0).toLowerCase() + command.slice(1);
const sorted = <Value>(values: Iterable<Value>) => [...values].sort();

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

/** Sends a command without data to its own route or as an envelope. The aggregate that it names does not exist. */
function sendEmpty(role: string, [method, path, commandType]: (typeof CONTRACT)[number], as: 'route' | 'envelope') {
  const client = system.as(role, 'nobody');
  if (as === 'envelope') return client.post('/commands', { commandType, aggregateId: 'nothing' });
  return client.send(method, path.replaceAll(/\{\w+\}/g, 'nothing'), {});
}

describe('commands, functions and the published description', () => {
  it('the registry has the commands of the contract with their roles', () => {
    const registered = commands.map(({ type, roles }) => [type, sorted(roles)]);
    const contract = CONTRACT.map(([, , type, roles]) => [type, sorted(roles)]);
    expect(sorted(registered)).toEqual(sorted(contract));
  });

  /** The HTTP functions that the host runs. */
  const running = () =>
    system.host.functions.flatMap(({ name, methods = [], url }) =>
      url === undefined ? [] : methods.map((method) => `${name}: ${method} ${pathOf(url)}`),
    );

  it('every command has a function with its name and route', () => {
    const contract = CONTRACT.map(([method, path, command]) => `${functionOf(command)}: ${method} ${path}`);
    expect(contract.filter((entry) => !running().includes(entry))).toEqual([]);
  });

  it('the description has exactly the HTTP functions that run, with their names, methods and routes', () => {
    const described = publishedOperations.flatMap(({ operationId, method, path }) =>
      // Every GET route answers HEAD too (RFC 9110, section 9.3.2)
      [method, ...(method === 'GET' ? ['HEAD'] : [])].map((answered) => `${operationId}: ${answered} ${path}`),
    );
    expect(sorted(described)).toEqual(sorted(running()));
  });

  it('the description states the roles of the contract', () => {
    const described = new Map(publishedOperations.map((operation) => [operation.operationId, operation['x-roles']]));
    for (const [, , command, roles] of CONTRACT) {
      expect([command, sorted(described.get(functionOf(command)) ?? [])]).toEqual([command, sorted(roles)]);
    }
  });
});

describe('authorization', () => {
  const cases = CONTRACT.flatMap((entry) =>
    ROLES.map((role) => {
      const may = entry[3].includes(role);
      return { entry, role, command: entry[2], may, verb: may ? 'allows' : 'forbids' };
    }),
  );

  it.each(cases)('$verb $command for the role $role', async ({ entry, role, may }) => {
    const answers = [await sendEmpty(role, entry, 'route'), await sendEmpty(role, entry, 'envelope')];
    expect(answers.map(({ body }) => body.code !== 'forbidden')).toEqual([may, may]);
  });
});

describe('POST /commands', () => {
  it.each(commands)('accepts the same data for $type as its own route', async ({ type, example }) => {
    const ids = await realIds(system, functionOf(type));
    const { body, status } = await system.as('admin').post('/commands', {
      commandType: type,
      ...(!CREATING.has(type) && { aggregateId: ids.get(exampleIdOf(type)) }),
      data: withIds(example, ids),
    });
    expect([status, body.code]).toEqual([202, undefined]);
  });

  const withBody = CONTRACT.filter(([method]) => method !== 'DELETE');
  it.each(withBody)('returns the same validation errors as %s %s', async (method, path, commandType) => {
    const admin = system.as('admin');
    const data = { colour: 'red' };
    const route = path.replace('{line}', '1').replaceAll(/\{\w+\}/g, 'nothing');
    const own = await admin.send(method, route, {
      body: JSON.stringify(data),
      headers: { 'content-type': 'application/json' },
    });
    const inRoute = path.includes('{line}') && { line: 1 };
    const envelope = await admin.post('/commands', {
      commandType,
      aggregateId: 'nothing',
      data: { ...inRoute, ...data },
    });
    expect(own.status).toBe(400);
    expect(errorsIn(envelope)).toEqual(errorsIn(own));
  });

  it('returns unknown-command for any other command', async () => {
    const { status, body } = await system.as('admin').post('/commands', { commandType: 'EatOrder' });
    expect([status, body.code]).toEqual([422, 'unknown-command']);
  });
});

/** Commands that create their aggregate. Their data contains its id. */
const CREATING = new Set(['PlaceOrder', 'CreateOrder', 'RegisterCustomer', 'AddProduct']);

/** The id that the examples use for the aggregate of a command. */
function exampleIdOf(type: string): string {
  const [, path = ''] = CONTRACT.find(([, , command]) => command === type) ?? [];
  const aggregate = /(?<=\{)\w+(?=Id\})/.exec(path)?.[0];
  return aggregate === 'order' ? EXAMPLE_ORDER : `${aggregate}-1`;
}

const errorsIn = ({ status, body }: ApiResponse) => ({ status, code: body.code, errors: body.errors });

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/^\/api/, '');
}
