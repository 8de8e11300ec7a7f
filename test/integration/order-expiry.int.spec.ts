import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/functions.ts';
import { expireOrders, expireOrdersTimer } from '../../src/commands/orders/expire-orders.ts';
import { authorize, type CommandBus, createCommandBus } from '../../src/commands/pipeline/command-bus.ts';
import {
  openSqliteWriteStore,
  type SqliteWriteStore,
} from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { UNCONFIRMED_ORDERS } from '../../src/commands/write-store/sqlite/unconfirmed-orders.ts';
import { Problem } from '../../src/shared/http/problem.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { envelopeOf, openCommandBus, SETTINGS, type SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { expectLogAndTablesToAgree, logIn, tablesOf } from '../support/commands/tables.ts';
import { testMasterKey } from '../support/events/personal-data.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../support/simulated-runtime.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const ORDER = { customerId: 'ada', items: [{ productId: 'lamp', quantity: 2 }], shippingAddress: ADDRESS };

let folder: string;
let file: string;
let runtime: SimulatedRuntime;
let store: SqliteWriteStore;
let bus: CommandBus;
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'expiry-'));
  file = join(folder, 'orders.db');
  runtime = simulatedRuntime();
  store = await openSqliteWriteStore(file, runtime);
  bus = openCommandBus(store);
  warnings = [];
  await send({
    type: 'RegisterCustomer',
    data: { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 100 },
  });
  await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const now = () => new Date(runtime.now()).toISOString();
const send = (command: SentCommand) => bus.dispatch(envelopeOf({ ...command, at: now() }));
const place = (orderId: string, changes: object = {}) =>
  send({ type: 'PlaceOrder', data: { orderId, ...ORDER, ...changes } });

const run = (
  changes: { readonly on?: SqliteWriteStore; readonly bus?: CommandBus; readonly pageSize?: number } = {},
) => {
  const settings = { expireAfterMs: WEEK_MS, pageSize: changes.pageSize ?? 100, maxRunMs: 50_000 };
  const warn = (text: string) => void warnings.push(text);
  return expireOrders(changes.on ?? store, changes.bus ?? bus, { ...settings, warn }, runtime);
};

const statusOf = async (orderId: string) =>
  (await store.load({ commandId: 'none', orderId, productIds: [] })).order?.status;
async function balance() {
  const { customer, products } = await store.load({ commandId: 'none', customerId: 'ada', productIds: ['lamp'] });
  return { available: products[0]?.available, creditUsed: customer?.creditUsed };
}
const expiries = async () =>
  (await logIn(await tablesOf(file), testMasterKey)).filter(({ eventType }) => eventType === 'OrderExpired');

describe('a submitted order that nobody confirms', () => {
  it('is cancelled once the time is over, and not a millisecond before', async () => {
    await place('o');
    await runtime.pass(WEEK_MS - 1);
    expect([await run(), await statusOf('o')]).toEqual([0, 'submitted']);
    await runtime.pass(1);
    expect([await run(), await statusOf('o')]).toEqual([1, 'cancelled']);
    expect(await run()).toBe(0);
  });

  it('returns its stock and credit exactly', async () => {
    await place('o');
    expect(await balance()).toEqual({ available: 8, creditUsed: 2_000 });
    await runtime.pass(WEEK_MS);
    await run();
    expect(await balance()).toEqual({ available: 10, creditUsed: 0 });
    await expectLogAndTablesToAgree(store, await tablesOf(file));
  });

  it('leaves an event with the reason, and the expiry as the user', async () => {
    const submittedAt = now();
    await place('o');
    await runtime.pass(WEEK_MS);
    await run();
    expect(await expiries()).toMatchObject([
      {
        aggregateId: 'o',
        version: 2,
        timestamp: now(),
        data: { submittedAt, reason: 'not-confirmed-in-time' },
        metadata: { userId: 'system:order-expiry' },
        order: { status: 'cancelled' },
      },
    ]);
  });

  it('counts from the acceptance of the command, whatever its placedAt', async () => {
    await place('imported', { placedAt: '2010-12-01T08:26:00.000Z' });
    await runtime.pass(WEEK_MS - 1);
    expect(await run()).toBe(0);
    await runtime.pass(1);
    expect(await run()).toBe(1);
  });

  it('counts from the submission of a draft, and a later change of the address does not extend the time', async () => {
    await send({ type: 'CreateOrder', data: { orderId: 'o', ...ORDER } });
    await runtime.pass(3 * DAY_MS);
    await send({ type: 'SubmitOrder', on: 'o' });
    await runtime.pass(6 * DAY_MS);
    expect(await run()).toBe(0);
    await send({ type: 'ChangeShippingAddress', on: 'o', data: ADDRESS });
    await runtime.pass(DAY_MS);
    expect([await run(), await statusOf('o')]).toEqual([1, 'cancelled']);
  });

  it('is cancelled also when its customer was erased in the meantime', async () => {
    await place('o');
    await send({ type: 'EraseCustomer', on: 'ada' });
    await runtime.pass(WEEK_MS);
    expect([await run(), await statusOf('o')]).toEqual([1, 'cancelled']);
  });
});

describe('an order', () => {
  it.each<[string, readonly SentCommand[]]>([
    ['confirmed', [{ type: 'ConfirmOrder', on: 'o' }]],
    ['cancelled', [{ type: 'CancelOrder', on: 'o', data: { reason: 'no' } }]],
  ])('that was %s in time is left alone', async (status, commands) => {
    await place('o');
    for (const command of commands) await send(command);
    await runtime.pass(WEEK_MS);
    expect([await run(), await statusOf('o')]).toEqual([0, status]);
  });

  it('that stays a draft never expires', async () => {
    await send({ type: 'CreateOrder', data: { orderId: 'o', ...ORDER } });
    await runtime.pass(10 * WEEK_MS);
    expect([await run(), await statusOf('o')]).toEqual([0, 'draft']);
  });

  it('that is confirmed after the due orders were read stays confirmed', async () => {
    await place('o');
    await runtime.pass(WEEK_MS);
    const confirmedBefore: CommandBus = {
      dispatch: async (envelope) => {
        await send({ type: 'ConfirmOrder', on: 'o' });
        return bus.dispatch(envelope);
      },
    };
    expect([await run({ bus: confirmedBefore }), await statusOf('o'), warnings]).toEqual([0, 'confirmed', []]);
  });
});

describe('many orders', () => {
  it('are cancelled page by page, the oldest first', async () => {
    for (const orderId of ['c', 'b', 'a']) {
      await place(orderId, { items: [{ productId: 'lamp', quantity: 1 }] });
      await runtime.pass(1_000);
    }
    await runtime.pass(WEEK_MS);
    expect(await run({ pageSize: 1 })).toBe(3);
    const versions = (await tablesOf(file)).Commands.filter(({ CommandType }) => CommandType === 'ExpireOrder');
    expect(versions).toHaveLength(3);
    expect((await expiries()).map(({ aggregateId }) => aggregateId)).toEqual(['c', 'b', 'a']);
  });

  it('are cancelled once each by two processes at the same time', async () => {
    for (const orderId of ['a', 'b', 'c', 'd']) await place(orderId, { items: [{ productId: 'lamp', quantity: 1 }] });
    await runtime.pass(WEEK_MS);
    const other = await openSqliteWriteStore(file, runtime);
    const counts = await Promise.all([run(), run({ on: other, bus: openCommandBus(other) })]);
    await other.close();
    expect(counts[0] + counts[1]).toBe(4);
    expect(await expiries()).toHaveLength(4);
    expect(await balance()).toEqual({ available: 10, creditUsed: 0 });
    await expectLogAndTablesToAgree(store, await tablesOf(file));
  });

  it('are not stopped by one that cannot be cancelled, which the next run tries again', async () => {
    for (const orderId of ['a', 'b']) await place(orderId);
    await runtime.pass(WEEK_MS);
    const failing: CommandBus = {
      dispatch: async (envelope) => {
        if (envelope.aggregateId === 'a') throw new Problem('unavailable', 'The key cannot be read.');
        return bus.dispatch(envelope);
      },
    };
    expect(await run({ bus: failing })).toBe(1);
    expect([await statusOf('a'), await statusOf('b')]).toEqual(['submitted', 'cancelled']);
    expect(warnings).toEqual([expect.stringContaining('Order a should have expired')]);
    expect([await run(), await statusOf('a')]).toEqual([1, 'cancelled']);
  });

  it('are left to the next run when an outage takes up the time of this one', async () => {
    for (const orderId of ['a', 'b']) await place(orderId);
    await runtime.pass(WEEK_MS);
    const slow: CommandBus = {
      dispatch: async () => {
        await runtime.pass(60_000);
        throw new Problem('unavailable', 'The store is down.');
      },
    };
    expect([await run({ bus: slow }), warnings.length]).toEqual([0, 1]);
    expect(await run()).toBe(2);
  });
});

it('the due orders are found by a seek, without sorting', async () => {
  const { database } = await openDatabase(file, runtime);
  const request = { submittedUntil: '', afterSubmittedAt: '', afterOrderId: '', limit: 1 };
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${UNCONFIRMED_ORDERS}`).all(request);
  database.close();
  const seek = 'SEARCH UnconfirmedOrders USING COVERING INDEX IX_UnconfirmedOrders_SubmittedAt ';
  expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining(seek)]);
});

describe('the command that cancels them', () => {
  it('is an unknown command for every caller', async () => {
    const settings = { store, publish: () => {}, masterKey: testMasterKey, settings: SETTINGS, runtime };
    const { dispatch } = createCommandBus(commands, settings, [authorize]);
    const data = { submittedAt: now() };
    await place('o');
    await expect(dispatch(envelopeOf({ type: 'ExpireOrder', on: 'o', data }))).rejects.toMatchObject({
      code: 'unknown-command',
    });
  });
});

describe('the timer', () => {
  const fire = async (expireAfterMs: number) => {
    const logged: string[] = [];
    const { options } = expireOrdersTimer({
      config: { orderExpiry: { schedule: '0 * * * * *', expireAfterMs } },
      runtime,
      services: async () => ({ store, internalBus: bus }),
    });
    const context = new InvocationContext({ logHandler: (_level, text) => void logged.push(String(text)) });
    const timer = { schedule: { adjustForDST: true }, scheduleStatus: { last: '', next: '', lastUpdated: '' } };
    await options.handler({ ...timer, isPastDue: false }, context);
    return logged;
  };

  it('cancels the orders that are due and logs how many', async () => {
    await place('o');
    await runtime.pass(WEEK_MS);
    expect(await fire(WEEK_MS)).toEqual(['Cancelled 1 orders that nobody has confirmed in time.']);
    expect(await fire(WEEK_MS)).toEqual([]);
  });

  it('does nothing with a time of 0', async () => {
    await place('o');
    await runtime.pass(100 * WEEK_MS);
    expect([await fire(0), await statusOf('o')]).toEqual([[], 'submitted']);
  });
});
