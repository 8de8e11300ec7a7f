import { afterAll, expect } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { type ApiClient, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let commands: FunctionsHostProcess;
let first: ApiClient;
let second: ApiClient;
it.beforeAll(async ({ shared }) => {
  system = shared;
  commands = await system.startApp('commands', { ERASURE_NEEDS_SECOND_PERSON: 'true' });
  const admin = () => system.as('admin', uniqueId('admin'), commands.url);
  [first, second] = [admin(), admin()];
});
afterAll(() => commands.stop());

/** Erases as an admin. Returns the status and the version of the customer, or the code of the problem. */
async function erase(admin: ApiClient, customerId: string, headers = {}): Promise<readonly unknown[]> {
  const { status, body } = await admin.post(`/customers/${customerId}/erase`, {}, headers);
  return [status, body.version ?? body.code];
}

/** The customer's name in the read model, once it has seen this version of the customer. */
async function nameAt(customerId: string, version: number): Promise<unknown> {
  const { body } = await eventually(
    () => system.as('admin').get(`/customers/${customerId}/summary`),
    ({ body }) => body.version >= version,
  );
  return body.name;
}

it('a customer is erased once a second admin confirms it, and not before', async () => {
  const { customerId } = await customerAndProduct(first);
  const key = { 'idempotency-key': uniqueId('erase') };

  expect(await erase(first, customerId, key)).toEqual([202, 2]);
  expect(await erase(first, customerId, key)).toEqual([202, 2]);
  expect(await erase(first, customerId)).toEqual([202, 3]);
  expect(await nameAt(customerId, 3)).toBe('Ada Lovelace');

  expect(await erase(second, customerId)).toEqual([202, 4]);
  expect(await nameAt(customerId, 4)).toBe('[erased]');
  expect(await erase(first, customerId)).toEqual([404, 'customer-not-found']);
});

it('POST /commands needs a second admin as well', async () => {
  const { customerId } = await customerAndProduct(first);
  const envelope = { commandType: 'EraseCustomer', aggregateId: customerId };

  expect((await first.post('/commands', envelope)).body).toMatchObject({ version: 2 });
  expect(await nameAt(customerId, 2)).toBe('Ada Lovelace');
  expect((await second.post('/commands', envelope)).body).toMatchObject({ version: 3 });
  expect(await nameAt(customerId, 3)).toBe('[erased]');
});
