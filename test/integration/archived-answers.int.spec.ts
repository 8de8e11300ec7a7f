import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { getCurrentOrder } from '../../src/commands/orders/get-current-order.ts';
import { openSqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { HttpFunction } from '../../src/shared/functions/app-function.ts';
import { systemRuntime as runtime } from '../../src/shared/system-runtime.ts';
import { replicaReads } from '../../src/shared/write-database/replica.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import { getEvents } from '../../src/sync/events/get-events.ts';
import { envelopeOf, openCommandBus, SETTINGS } from '../support/commands/command-bus.ts';
import { GIVEN } from '../support/commands/random-commands.ts';
import { tablesOf } from '../support/commands/tables.ts';
import { noCustomerKeys, testMasterKey } from '../support/events/personal-data.ts';

const authenticate = async () => ({ userId: 'root', roles: new Set(['admin'] as const), customerId: undefined });

/** The body of the answer to a GET with these parameters. */
async function get({ handler }: HttpFunction, query: Record<string, string>): Promise<object> {
  const url = `http://localhost/api/resource?${new URLSearchParams(query)}`;
  const request = new HttpRequest({ url, method: 'GET', query, params: { orderId: 'o1' } });
  return Object(Reflect.get(await handler(request, new InvocationContext()), 'jsonBody'));
}

/** All events, page by page. */
async function allEvents(list: HttpFunction): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const query: Record<string, string> = token === '' ? { limit: '2' } : { limit: '2', continuationToken: token };
    const page = await get(list, query);
    found.push(...Reflect.get(page, 'items'));
    token = Reflect.get(page, 'continuationToken');
  }
  return found;
}

it('the current order, its versions, its history and the list of events stay the same when events are archived', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'archived-'));
  const file = join(folder, 'orders.db');
  const store = await openSqliteWriteStore(file, runtime);
  const database = await openSyncDatabase(`sqlite:${file}`, { runtime });
  const bus = openCommandBus(store);
  const addItem = { type: 'AddItem', on: 'o1', data: { productId: 'desk', quantity: 1 } };
  for (const command of [...GIVEN, addItem, addItem]) await bus.dispatch(envelopeOf(command));

  const eventReads = replicaReads({ primary: async () => store, replica: undefined }, runtime);
  const services = async () => ({ store, eventReads, masterKey: testMasterKey });
  const order = getCurrentOrder({ config: { orders: SETTINGS }, runtime, authenticate, services });
  const logReads = replicaReads({ primary: async () => database, replica: undefined }, runtime);
  const list = getEvents({ authenticate, runtime, customerKeys: noCustomerKeys, logReads });
  const answers = async () => [
    await get(order, { include: 'history' }),
    await get(order, { version: '2' }),
    await allEvents(list),
  ];

  const before = await answers();
  await store.markPublished((await tablesOf(file)).Events.map(({ EventId }) => String(EventId)));
  const due = { recordedBefore: '2999-01-01T00:00:00.000Z', maxCharacters: 1_000_000 };
  for (const limit of [GIVEN.length, 1, 1]) {
    expect(await store.archiveEvents({ ...due, limit })).toBe(limit);
    expect(await answers()).toEqual(before);
  }
  expect(before[0]).toMatchObject({ version: 3, history: [{ version: 1 }, { version: 2 }, { version: 3 }] });
  expect(before[2]).toHaveLength(GIVEN.length + 2);
  await database.close();
  await store.close();
  await rm(folder, { recursive: true });
});
