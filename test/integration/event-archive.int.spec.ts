import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveEvents, archiveEventsTimer } from '../../src/commands/event-archive/archive-events.ts';
import type { CommandBus } from '../../src/commands/pipeline/command-bus.ts';
import type { EventArchive } from '../../src/commands/write-store/event-archive.ts';
import {
  openSqliteWriteStore,
  type SqliteWriteStore,
} from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { sqliteSyncDatabase } from '../../src/sync/database/sqlite-sync-database.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { expectLogAndTablesToAgree, logIn, type Tables, tablesOf } from '../support/commands/tables.ts';
import { testMasterKey } from '../support/events/personal-data.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../support/simulated-runtime.ts';

const DAY_MS = 86_400_000;
const RETENTION_MS = 35 * DAY_MS;

let folder: string;
let file: string;
let runtime: SimulatedRuntime;
let store: SqliteWriteStore;
let bus: CommandBus;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
  file = join(folder, 'orders.db');
  runtime = simulatedRuntime();
  store = await openSqliteWriteStore(file, runtime);
  bus = openCommandBus(store, () => {}, testMasterKey, { runtime });
  const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
  await send({ type: 'RegisterCustomer', data: ada });
  await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const send = (command: SentCommand) =>
  bus.dispatch(envelopeOf({ ...command, at: new Date(runtime.now()).toISOString() }));
const items = [{ productId: 'lamp', quantity: 2 }];
const place = (orderId: string, commandId = `place ${orderId}`) =>
  send({ type: 'PlaceOrder', commandId, data: { orderId, customerId: 'ada', items, shippingAddress: ADDRESS } });

/** Publishes everything, lets the retention pass, and archives in batches of two. */
async function archiveAll(archive: EventArchive = store): Promise<number> {
  await store.markPublished((await tablesOf(file)).Events.map(({ EventId }) => String(EventId)));
  await runtime.pass(RETENTION_MS + 1);
  return archiveEvents(archive, RETENTION_MS, runtime, { limit: 2, maxCharacters: 1_000_000 });
}

const counts = ({ Events, EventArchive, Commands }: Tables) => [Events.length, EventArchive.length, Commands.length];

describe('the archive', () => {
  it('takes events once the retention is over, and not a millisecond before', async () => {
    await store.markPublished((await tablesOf(file)).Events.map(({ EventId }) => String(EventId)));
    await runtime.pass(RETENTION_MS);
    expect(await archiveEvents(store, RETENTION_MS, runtime)).toBe(0);
    await runtime.pass(1);
    expect(await archiveEvents(store, RETENTION_MS, runtime)).toBe(2);
    expect(counts(await tablesOf(file))).toEqual([0, 2, 0]);
  });

  it('changes neither the log nor what the tables say of it', async () => {
    await place('o');
    await send({ type: 'ConfirmOrder', on: 'o' });
    const before = await logIn(await tablesOf(file), testMasterKey);
    expect(await archiveAll()).toBe(4);
    await send({ type: 'ShipOrder', on: 'o', data: { carrier: 'DHL', trackingNumber: '1' } });
    const tables = await tablesOf(file);
    const after = await logIn(tables, testMasterKey);
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(after.at(-1)).toMatchObject({
      version: 3,
      order: { status: 'shipped', items: [{ productName: 'Lamp' }] },
    });
    expect(counts(tables)).toEqual([1, 4, 1]);
    await expectLogAndTablesToAgree(store, tables);
  });

  it('is read by a replay from the beginning, page by page', async () => {
    await place('o');
    const { database } = await openDatabase(file, runtime);
    const { log } = sqliteSyncDatabase(database, runtime);
    const whole = (await log.page({ limit: 10 })).events;
    await archiveAll();
    await send({ type: 'ConfirmOrder', on: 'o' });
    const { events } = await log.page({ limit: 10 });
    database.close();
    expect([whole.length, events.length]).toEqual([3, 4]);
    expect(events).toEqual(expect.arrayContaining([...whole]));
  });

  it('has no readable personal data of a customer who is erased later', async () => {
    await place('o');
    await archiveAll();
    await send({ type: 'EraseCustomer', on: 'ada' });
    const tables = await tablesOf(file);
    const log = JSON.stringify(await logIn(tables, testMasterKey));
    expect(tables.EventArchive).toHaveLength(3);
    expect(log).toContain('[erased]');
    for (const text of ['Ada', 'ada@example.com', ADDRESS.street]) {
      expect([log.includes(text), JSON.stringify(tables).includes(text)]).toEqual([false, false]);
    }
  });

  it('leaves everything as it was when a statement of the batch fails', async () => {
    const { database } = await openDatabase(file, runtime);
    database.exec("CREATE TRIGGER Failing BEFORE DELETE ON Events BEGIN SELECT RAISE(ABORT, 'failed'); END");
    await expect(archiveAll()).rejects.toThrow('failed');
    expect(counts(await tablesOf(file))).toEqual([2, 0, 2]);
    database.exec('DROP TRIGGER Failing');
    database.close();
    expect(await archiveEvents(store, RETENTION_MS, runtime)).toBe(2);
  });
});

describe('a command that is sent again', () => {
  it('gets its first answer until its event is archived', async () => {
    await place('o');
    await runtime.pass(RETENTION_MS);
    await archiveEvents(store, RETENTION_MS, runtime);
    expect(await place('o')).toMatchObject({ replayed: true, result: { version: 1 } });
  });

  it('is a new command afterwards, which cannot place the same order again', async () => {
    await place('o');
    await archiveAll();
    await expect(place('o')).rejects.toMatchObject({ code: 'order-exists' });
  });
});

describe('the timer', () => {
  const fire = async (archiveAfterMs: number, archive: EventArchive = store) => {
    const logged: string[] = [];
    const { options } = archiveEventsTimer({
      config: { eventArchive: { schedule: '30 * * * * *', archiveAfterMs } },
      runtime,
      services: async () => ({ store: archive }),
    });
    const context = new InvocationContext({ logHandler: (_level, text) => void logged.push(String(text)) });
    const timer = { schedule: { adjustForDST: true }, scheduleStatus: { last: '', next: '', lastUpdated: '' } };
    await options.handler({ ...timer, isPastDue: false }, context);
    return logged;
  };

  it('logs how many events it moved', async () => {
    await store.markPublished((await tablesOf(file)).Events.map(({ EventId }) => String(EventId)));
    await runtime.pass(RETENTION_MS + 1);
    expect(await fire(RETENTION_MS)).toEqual(['Moved 2 events to the archive.']);
    expect(await fire(RETENTION_MS)).toEqual([]);
  });

  it('does nothing with a time of 0', async () => {
    await runtime.pass(100 * RETENTION_MS);
    expect([await fire(0), counts(await tablesOf(file))]).toEqual([[], [2, 0, 2]]);
  });

  it('needs one round trip per batch and one more, and leaves what it has no time for to the next run', async () => {
    const batches = [1_000, 1_000, 7, 0];
    let calls = 0;
    const archive: EventArchive = { archiveEvents: async () => batches[calls++] ?? 0 };
    expect(await fire(RETENTION_MS, archive)).toEqual(['Moved 2007 events to the archive.']);
    expect(calls).toBe(4);
    const slow: EventArchive = { archiveEvents: () => runtime.pass(30_000).then(() => 1_000) };
    expect(await fire(RETENTION_MS, slow)).toEqual(['Moved 2000 events to the archive.']);
  });
});
