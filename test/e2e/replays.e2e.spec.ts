import { setTimeout as delay } from 'node:timers/promises';
import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { READ_MODELS } from '../../src/shared/event-hubs/hub.ts';
import { ORDER_DETAILS, ORDER_SEARCH, READ_MODEL_CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { PROGRESS_ID } from '../../src/shared/read-models/sales-live.ts';
import { changesInLog } from '../support/shop/admin-changes.ts';
import { expectReadableAsWritten, openShop, type Shop } from '../support/shop/orders.ts';
import { endOfReplay, replayToTheEnd, startReplay } from '../support/shop/replays.ts';
import { eventually } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

const CONTAINER_NAMES = READ_MODEL_CONTAINERS.map(({ name }) => name);
/** 20 orders, their customer and their product. */
const EVENTS = 22;

let system: TestSystem;
let shop: Shop;
let cosmos: CosmosClient;
beforeAll(async () => {
  system = await startSystem();
  cosmos = new CosmosClient(system.azure.cosmosDb.connectionString);
  shop = await openShop(system);
  await expectReadableAsWritten(system, await shop.placeOrders(20));
  await replayToTheEnd(system, { readModel: 'all' }); // every read model has every event afterwards
});
afterAll(async () => {
  cosmos.dispose();
  await system.stop();
});

const admin = () => system.as('admin');

/** Etags of all documents of the read models: they change with every write. */
async function etags(): Promise<readonly string[]> {
  const containers = await Promise.all(
    CONTAINER_NAMES.map(async (name) => {
      const { resources } = await cosmos
        .database('orders')
        .container(name)
        .items.readAll<{ readonly id: string; readonly _etag: string }>()
        .fetchAll();
      // A timer writes the progress of sales_live, whether or not there is a replay.
      const written = resources.filter(({ id }) => id !== PROGRESS_ID);
      return written.map(({ id, _etag }) => `${name} ${id} ${_etag}`);
    }),
  );
  return containers.flat().sort();
}

/** Runs `work` and counts the requests to the container of each read model meanwhile, which are bulks and batches. */
async function requestsDuring(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const { requests } = system.azure.cosmosDb;
  requests.reset();
  await work();
  const ofProjections = (container: string) =>
    requests.count({ container }) - requests.count({ container, operation: 'Upsert' });
  return Object.fromEntries(CONTAINER_NAMES.map((container) => [container, ofProjections(container)]));
}

describe('a replay', () => {
  it('processes every event of the log and ends as completed', async () => {
    const replay = await replayToTheEnd(system, { readModel: 'all' });
    expect(replay).toEqual({
      replayId: expect.any(String),
      readModel: 'all',
      status: 'completed',
      total: EVENTS,
      done: EVENTS,
      source: 'replica',
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
    });
  });

  it('that is cancelled publishes no more events, and stays cancelled', async () => {
    // Without this fault, it could be completed before it is cancelled.
    const recover = system.azure.cosmosDb.injectFault({ status: 503, container: ORDER_SEARCH.name });
    const replayId = await startReplay(system, { readModel: 'order_search' });
    const waiting = await startReplay(system, { readModel: 'order_details' });
    const first = await admin().send('DELETE', `/admin/replays/${replayId}`, {}).finally(recover);
    expect(first).toMatchObject({ status: 200, body: { replayId, status: 'cancelled', done: 0 } });
    expect(await endOfReplay(system, waiting)).toMatchObject({ status: 'completed' });
    const again = await admin().send('DELETE', `/admin/replays/${replayId}`, {});
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await admin().get(`/admin/replays/${replayId}`)).body).toEqual(first.body);
  });

  it('shows that the hub is away, and continues when it is back', async () => {
    const { eventHubs } = system.azure;
    eventHubs.setAvailable(false);
    onTestFinished(() => eventHubs.setAvailable(true));
    const replayId = await startReplay(system, { readModel: 'order_search' });
    const { body } = await eventually(
      () => admin().get(`/admin/replays/${replayId}`),
      (answer) => answer.body.error !== undefined,
    );
    eventHubs.setAvailable(true);
    expect(body).toMatchObject({ status: 'running', error: 'The progress of the read models cannot be read.' });
    expect(await endOfReplay(system, replayId)).toMatchObject({ status: 'completed', done: EVENTS });
  });

  it('that has ended stays as it is when it is cancelled', async () => {
    const ended = await replayToTheEnd(system, { readModel: 'order_search' });
    const { status, body } = await admin().send('DELETE', `/admin/replays/${ended.replayId}`, {});
    expect({ status, body }).toEqual({ status: 200, body: ended });
  });

  it('is in the log with who has started and cancelled it', async () => {
    const replayId = await startReplay(system, { readModel: 'order_search' });
    await admin().send('DELETE', `/admin/replays/${replayId}`, {});
    expect(await changesInLog(system, replayId, 2)).toEqual(['local-admin startReplay', 'local-admin cancelReplay']);
  });

  it('that does not exist cannot be cancelled', async () => {
    const { status, body } = await admin().send('DELETE', '/admin/replays/unknown', {});
    expect([status, body.code]).toEqual([404, 'replay-not-found']);
  });

  it('writes nothing when the read models are up to date', async () => {
    const before = await etags();
    expect(before.length).toBeGreaterThan(60);
    await replayToTheEnd(system, { readModel: 'all' });
    expect(await etags()).toEqual(before);
  });

  it('of one read model sends no requests to the others', async () => {
    const requests = await requestsDuring(() => replayToTheEnd(system, { readModel: 'order_search' }));
    expect(requests[ORDER_SEARCH.name]).toBeGreaterThan(0);
    expect({ ...requests, [ORDER_SEARCH.name]: 0 }).toEqual(
      Object.fromEntries(CONTAINER_NAMES.map((name) => [name, 0])),
    );
  });

  it('restores the documents that a read model has lost', async () => {
    const details = cosmos.database('orders').container(ORDER_DETAILS.name);
    const { resources } = await details.items.readAll<{ readonly id: string; readonly partition: string }>().fetchAll();
    await Promise.all(resources.map(({ id, partition }) => details.item(id, partition).delete()));
    await replayToTheEnd(system, { readModel: 'order_details' });
    expect((await details.items.readAll().fetchAll()).resources).toHaveLength(resources.length);
  });

  it('from a given time skips the events that were recorded earlier', async () => {
    await delay(20);
    const from = new Date().toISOString();
    await shop.placeOrders(3);
    expect(await replayToTheEnd(system, { readModel: 'all', from })).toMatchObject({ from, total: 3, done: 3 });
    const inOneHour = new Date(Date.now() + 3_600_000).toISOString();
    expect(await replayToTheEnd(system, { readModel: 'all', from: inOneHour })).toMatchObject({ total: 0, done: 0 });
  });

  it('waits for the replay started before it, and the list shows the newest first', async () => {
    const started = [];
    for (const readModel of ['order_details', 'sales_daily', 'all'] as const)
      started.push(await startReplay(system, { readModel }));
    const [last] = (await admin().get('/admin/replays')).body.items;
    expect(last).toMatchObject({ replayId: started.at(-1), readModel: 'all' });
    const ended = await Promise.all(started.map((replayId) => endOfReplay(system, replayId)));
    const times = ended.map(({ finishedAt }) => finishedAt);
    expect(times).toEqual(times.toSorted());
  });
});

describe('POST /admin/replays', () => {
  it('returns the location of the replay', async () => {
    const { status, headers, body } = await admin().post('/admin/replays', { readModel: 'all' });
    expect([status, headers.get('location')]).toEqual([202, `/api/admin/replays/${body.replayId}`]);
    expect((await admin().get(`/admin/replays/${body.replayId}`)).status).toBe(200);
  });

  it.each([
    ['a missing read model', {}, 'readModel', 'is required'],
    [
      'an unknown read model',
      { readModel: 'order-details' },
      'readModel',
      `must be one of all, ${READ_MODELS.join(', ')}`,
    ],
    [
      'an invalid time',
      { readModel: 'all', from: 'yesterday' },
      'from',
      'must be an ISO 8601 time such as 2026-01-31T00:00:00Z',
    ],
    [
      'a time before the year 1',
      { readModel: 'all', from: '0001-01-01T00:00:00+01:00' },
      'from',
      'must be in the years 0001 to 9999, in UTC',
    ],
    ['an unknown field', { readModel: 'all', to: 'now' }, 'to', 'is not a field of this request: remove it'],
  ])('rejects %s', async (_, sent, path, message) => {
    const { status, body } = await admin().post('/admin/replays', sent);
    expect([status, body.code, body.errors]).toEqual([400, 'validation-failed', [{ path, message }]]);
  });
});

describe('GET /admin/replays', () => {
  const estimate = async (parameters: string) =>
    (await admin().get(`/admin/replays?include=estimate${parameters}`)).body.estimate;

  it('estimates the request units of a replay of each read model and of all, on request', async () => {
    const { events, readModels } = await estimate('');
    expect(events).toBeGreaterThanOrEqual(EVENTS);
    expect(readModels.map(({ readModel }: { readModel: string }) => readModel)).toEqual(['all', ...READ_MODELS]);
    for (const { requestUnits } of readModels) expect(requestUnits.rebuilt).toBeGreaterThan(requestUnits.upToDate);
    expect((await admin().get('/admin/replays')).body.estimate).toBeUndefined();
  });

  it('estimates a replay from a given time', async () => {
    const { events, readModels } = await estimate('&estimateFrom=2999-01-01T00:00:00Z');
    expect([events, readModels[0]]).toEqual([0, { readModel: 'all', requestUnits: { upToDate: 0, rebuilt: 0 } }]);
  });

  it.each([
    ['include=cost', 'include', 'must be estimate'],
    ['estimateFrom=yesterday', 'estimateFrom', 'must be an ISO 8601 time such as 2026-01-31T00:00:00Z'],
  ])('rejects %s', async (parameters, path, message) => {
    const { status, body } = await admin().get(`/admin/replays?${parameters}`);
    expect([status, body.code, body.errors]).toEqual([400, 'validation-failed', [{ path, message }]]);
  });
});

describe('the replay API', () => {
  it('returns 404 for a replay that does not exist', async () => {
    const { status, body } = await admin().get('/admin/replays/none');
    expect([status, body.code]).toEqual([404, 'replay-not-found']);
  });

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    const client = system.as(role, 'ada');
    const answers = await Promise.all([
      client.post('/admin/replays', { readModel: 'all' }),
      client.get('/admin/replays'),
      client.get('/admin/replays/none'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
