import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadingApp } from '../../src/commands/app.ts';
import { getCurrentOrder } from '../../src/commands/orders/get-current-order.ts';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { HttpFunction } from '../../src/shared/functions/app-function.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { replicaReads } from '../../src/shared/write-database/replica.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import { getEvents } from '../../src/sync/events/get-events.ts';
import { envelopeOf, openCommandBus, SETTINGS, type SentCommand } from '../support/commands/command-bus.ts';
import { customerCommit } from '../support/commands/commits.ts';
import { GIVEN } from '../support/commands/random-commands.ts';
import { noCustomerKeys, testMasterKey } from '../support/events/personal-data.ts';

/** The replica is a copy of the primary's file, made when a test says so. It therefore lags by as much as a test wants. */

const MINUTE = 60_000;

let folder: string;
let now: number;
let stores: { close(): Promise<void> }[];
let world: Awaited<ReturnType<typeof openWorld>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replica-'));
  now = Date.UTC(2026, 0, 15, 10, 30);
  stores = [];
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  world = await openWorld();
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rm(folder, { recursive: true });
  vi.restoreAllMocks();
});

const runtime = { ...systemRuntime, now: () => now };
const primaryFile = () => join(folder, 'primary.db');

function kept<Store extends { close(): Promise<void> }>(store: Store): Store {
  stores.push(store);
  return store;
}

/** A primary with a draft of ada's, `o1`, and the operations that a replica may answer. */
async function openWorld() {
  const store = kept(await openWriteStore(`sqlite:${primaryFile()}`, { runtime }));
  const database = kept(await openSyncDatabase(`sqlite:${primaryFile()}`, { runtime }));
  let copies = 0;
  const replica = () => ({ connectionString: `sqlite:${join(folder, `copy-${copies}.db`)}`, isReplica: true, runtime });
  /** Records a heartbeat, and copies the primary to the replica. */
  const replicate = async () => {
    const beat = await database.recordHeartbeat();
    copies++;
    const source = new DatabaseSync(primaryFile());
    source.prepare('VACUUM INTO ?').run(join(folder, `copy-${copies}.db`));
    source.close();
    return beat;
  };
  const eventReads = replicaReads(
    {
      primary: async () => store,
      replica: async () => kept(await openWriteStore(replica().connectionString, replica())),
    },
    runtime,
  );
  const logReads = replicaReads(
    {
      primary: async () => database,
      replica: async () => kept(await openSyncDatabase(replica().connectionString, replica())),
    },
    runtime,
  );
  const bus = openCommandBus(store);
  const send = async (...commands: readonly SentCommand[]) => {
    for (const command of commands) await bus.dispatch(envelopeOf(command));
  };
  await send(...GIVEN);
  return { store, database, replica, replicate, eventReads, logReads, send };
}

const authenticate = async () => ({ userId: 'root', roles: new Set(['admin'] as const), customerId: undefined });

async function send({ handler }: HttpFunction, query: Record<string, string>, headers: Record<string, string>) {
  const url = `http://localhost/api/resource?${new URLSearchParams(query)}`;
  const request = new HttpRequest({ url, method: 'GET', headers, query, params: { orderId: 'o1' } });
  const response = await handler(request, new InvocationContext());
  const sent = new Headers(response.headers);
  return {
    status: response.status ?? 200,
    age: sent.get('x-data-age'),
    body: Object(Reflect.get(response, 'jsonBody')),
  };
}

/** GET /orders/o1/current: the status, the version and the age of the answer. */
async function current(headers: Record<string, string> = {}, query: Record<string, string> = {}) {
  const { store, eventReads } = world;
  const app: ReadingApp = {
    config: { orders: SETTINGS },
    runtime,
    authenticate,
    services: async () => ({ store, eventReads, masterKey: testMasterKey }),
  };
  const { status, age, body } = await send(getCurrentOrder(app), query, headers);
  return [status, body.version, age];
}

const maxAge = (seconds: number) => ({ 'cache-control': `max-age=${seconds}` });
const ADD_ITEM = { type: 'AddItem', on: 'o1', data: { productId: 'desk', quantity: 1 } };

describe('GET /orders/{orderId}/current', () => {
  it('is answered by a replica that is young enough, with its age', async () => {
    await world.replicate();
    await world.send(ADD_ITEM);
    now += 4_001;
    expect(await current(maxAge(5))).toEqual([200, 1, '5']);
  });

  it('costs one round trip to the replica and none to the primary', async () => {
    await world.replicate();
    const { contexts } = vi.spyOn(SqliteWriteStore.prototype, 'readEvents').mock;
    await current(maxAge(60));
    expect(contexts).toHaveLength(1);
    expect(contexts[0]).not.toBe(world.store);
  });

  it('is answered by the primary when the replica is older than the caller accepts', async () => {
    await world.replicate();
    await world.send(ADD_ITEM);
    now += 5_001;
    expect(await current(maxAge(5))).toEqual([200, 2, '0']);
    expect(await current(maxAge(6))).toEqual([200, 1, '6']);
  });

  it.each([{}, { 'cache-control': 'no-cache' }, maxAge(0)])(
    'is answered by the primary for a caller that accepts no age: %j',
    async (headers) => {
      await world.replicate();
      await world.send(ADD_ITEM);
      expect(await current(headers)).toEqual([200, 2, null]);
    },
  );

  it('is answered by the primary when the replica is older than a minute, whatever the caller accepts', async () => {
    await world.replicate();
    await world.send(ADD_ITEM);
    now += MINUTE + 1;
    expect(await current(maxAge(3_600))).toEqual([200, 2, '0']);
  });

  it('is answered by the primary when the replica does not answer', async () => {
    expect(await current(maxAge(60))).toEqual([200, 1, '0']);
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('The replica of the write database'));
  });

  it('is answered by the primary when the replica does not have the requested version', async () => {
    await world.replicate();
    await world.send(ADD_ITEM);
    expect(await current(maxAge(60), { version: '2' })).toEqual([200, 2, '0']);
    expect(await current(maxAge(60), { version: '3' })).toEqual([404, undefined, null]);
  });

  it('returns the requested version when the replica has later ones', async () => {
    await world.send(ADD_ITEM);
    await world.replicate();
    expect(await current(maxAge(60), { version: '1' })).toEqual([200, 1, '0']);
    now += 1;
    expect(await current(maxAge(60), { version: '1' })).toEqual([200, 1, '1']);
  });

  it('is never older than the state that the caller has', async () => {
    await world.replicate();
    await world.send(ADD_ITEM, {
      type: 'ChangeCustomerContact',
      on: 'ada',
      data: { name: 'Ada King', email: 'a@b.c' },
    });
    expect(await current({ ...maxAge(60), 'if-none-match': '"2"' })).toEqual([200, 2, '0']);
    expect(await current({ ...maxAge(60), 'if-none-match': '"2.2"' })).toEqual([304, undefined, '0']);
    expect(await current({ ...maxAge(60), 'if-none-match': '"1.2"' })).toEqual([200, 2, '0']);
    now += 1;
    expect(await current({ ...maxAge(60), 'if-none-match': '"1"' })).toEqual([304, undefined, '1']);
  });

  it('finds an order that the replica does not have yet', async () => {
    const { database } = world;
    await world.replicate();
    await world.send({ type: 'CreateOrder', data: { orderId: 'o2', customerId: 'ada' } });
    await database.recordHeartbeat();
    const { store, eventReads } = world;
    const app: ReadingApp = {
      config: { orders: SETTINGS },
      runtime,
      authenticate,
      services: async () => ({ store, eventReads, masterKey: testMasterKey }),
    };
    const request = new HttpRequest({
      url: 'http://localhost/',
      method: 'GET',
      headers: maxAge(60),
      params: { orderId: 'o2' },
    });
    expect(await getCurrentOrder(app).handler(request, new InvocationContext())).toMatchObject({ status: 200 });
  });
});

/** GET /admin/events: the number of events, the age and the token. */
async function events(headers: Record<string, string> = {}, query: Record<string, string> = {}) {
  const app = { authenticate, runtime, customerKeys: noCustomerKeys, logReads: world.logReads };
  const { status, age, body } = await send(getEvents(app), query, headers);
  expect(status).toBe(200);
  return { count: body.items.length, age, token: body.continuationToken };
}

describe('GET /admin/events', () => {
  it('is answered by the replica unless the caller accepts no age', async () => {
    await world.replicate();
    await world.send(ADD_ITEM);
    now += 2_000;
    expect(await events()).toMatchObject({ count: GIVEN.length, age: '2' });
    expect(await events({ 'cache-control': 'no-cache' })).toMatchObject({ count: GIVEN.length + 1, age: '0' });
    expect(await events(maxAge(1))).toMatchObject({ count: GIVEN.length + 1, age: '0' });
  });

  it('has no gap between a page of the primary and a page of a replica that is behind', async () => {
    await world.replicate();
    now += 1_000;
    await world.send(ADD_ITEM, { type: 'RemoveItem', on: 'o1', data: { productId: 'desk' } });
    const first = await events({ 'cache-control': 'no-cache' }, { limit: '1' });
    expect(await events({}, { limit: '100', continuationToken: first.token })).toMatchObject({
      count: GIVEN.length + 1,
      age: '0',
    });
  });

  it('is answered by the replica from a position that it has', async () => {
    now += 1_000;
    await world.replicate();
    const first = await events({ 'cache-control': 'no-cache' }, { limit: '1' });
    now += 1_000;
    expect(await events({}, { limit: '100', continuationToken: first.token })).toMatchObject({ age: '1' });
  });
});

it('a replica refuses writes', async () => {
  const beat = await world.replicate();
  const store = kept(await openWriteStore(world.replica().connectionString, world.replica()));
  const database = kept(await openSyncDatabase(world.replica().connectionString, world.replica()));
  await expect(store.commit(customerCommit({ customerId: 'x' }))).rejects.toThrow('readonly');
  await expect(database.recordHeartbeat()).rejects.toThrow('readonly');
  expect((await database.readHeartbeat()).heartbeat?.beat).toBe(beat);
});
