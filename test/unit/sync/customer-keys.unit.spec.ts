import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../../../src/shared/events/decode.ts';
import { newDataKey, unwrapDataKey, type WrappedKey } from '../../../src/shared/personal-data/data-keys.ts';
import { encryptEvent } from '../../../src/shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../../src/shared/personal-data/master-key.ts';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { createCustomerKeys } from '../../../src/sync/customer-keys/customer-keys.ts';
import type { SyncDatabase } from '../../../src/sync/database/sync-database.ts';
import { orderPlaced } from '../../support/events/events.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const needed = (...customerIds: readonly string[]) => customerIds.map((customerId) => ({ customerId }));
const MINUTE = 60_000;

/** The keys of some customers, with a record of the reads from the write database. */
async function keysOfCustomers(...customerIds: readonly string[]) {
  const stored = new Map<string, readonly WrappedKey[] | 'destroyed'>();
  for (const customerId of customerIds) stored.set(customerId, [await newDataKey(testMasterKey, systemRuntime)]);
  const reads: (readonly string[])[] = [];
  const clock = simulatedRuntime();
  const read: SyncDatabase['readCustomerKeys'] = async (ids) => {
    reads.push(ids);
    return new Map(ids.flatMap((id) => [...stored].filter(([customerId]) => customerId === id)));
  };
  const keys = createCustomerKeys(read, testMasterKey, clock);
  const plain = async (customerId: string) => {
    const wrapped = stored.get(customerId);
    return typeof wrapped === 'object' ? Promise.all(wrapped.map((key) => unwrapDataKey(key, testMasterKey))) : wrapped;
  };
  return { keys, stored, reads, plain, pass: clock.pass };
}

describe("the sync app's customer keys", () => {
  it('are read once for all customers of a batch and cached for the next batch', async () => {
    const { keys, reads, plain } = await keysOfCustomers('ada', 'bob', 'eve');
    const keyOf = await keys.keysOf(needed('ada', 'bob'));
    expect([keyOf('ada'), keyOf('bob')]).toEqual([await plain('ada'), await plain('bob')]);
    await keys.keysOf(needed('bob', 'ada'));
    await keys.keysOf(needed('ada', 'eve'));
    expect(reads).toEqual([['ada', 'bob'], ['eve']]);
  });

  it('decode an event once, until they change or some minutes have passed', async () => {
    const { keys, stored, plain, pass } = await keysOfCustomers('ada');
    const [key] = (await plain('ada')) ?? [];
    if (typeof key !== 'object') throw new Error('no key');
    const bodies = [encryptEvent(orderPlaced(), key, systemRuntime)];
    const decode = async () => (await decodeEvents(bodies, keys.keysOf, keys.decodedEvents))[0];
    const first = await decode();
    expect(first).toMatchObject({ kind: 'event', event: { order: { customerName: 'Ada Lovelace' } } });
    expect(await decode()).toBe(first);
    await pass(6 * MINUTE);
    expect(bodies.map((body) => keys.decodedEvents?.get(body))).toEqual([undefined]);
    expect(await decode()).not.toBe(first);
    stored.set('ada', 'destroyed');
    keys.forget('ada');
    expect(await decode()).toMatchObject({ kind: 'event', event: { order: { customerName: ERASED } } });
  });

  it('are read again after some minutes', async () => {
    const { keys, reads, pass } = await keysOfCustomers('ada');
    await keys.keysOf(needed('ada'));
    await pass(6 * MINUTE);
    await keys.keysOf(needed('ada'));
    expect(reads).toEqual([['ada'], ['ada']]);
  });

  it('are read again when an event names a key that is newer than the cached ones', async () => {
    const { keys, reads, stored, plain } = await keysOfCustomers('ada');
    const [first] = stored.get('ada') ?? [];
    if (typeof first !== 'object') throw new Error('no key');
    await keys.keysOf([{ customerId: 'ada', keyId: first.keyId }]);
    const newer = await newDataKey(testMasterKey, systemRuntime);
    stored.set('ada', [newer, first]);
    const keysOf = await keys.keysOf([{ customerId: 'ada', keyId: newer.keyId }]);
    expect(keysOf('ada')).toEqual(await plain('ada'));
    await keys.keysOf([first, newer].map(({ keyId }) => ({ customerId: 'ada', keyId })));
    expect(reads).toEqual([['ada'], ['ada']]);
  });

  it('without a damaged one still decrypt the events of the others', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada');
    const good = await plain('ada');
    const damaged = {
      ...(await newDataKey(testMasterKey, systemRuntime)),
      wrappedKey: randomBytes(40).toString('base64'),
    };
    const current = stored.get('ada');
    stored.set('ada', [damaged, ...(typeof current === 'object' ? current : [])]);
    expect((await keys.keysOf(needed('ada')))('ada')).toEqual(good);
  });

  it('are reported as destroyed for an erased customer, which is cached too', async () => {
    const { keys, reads, stored } = await keysOfCustomers();
    stored.set('gone', 'destroyed');
    expect((await keys.keysOf(needed('gone')))('gone')).toBe('destroyed');
    expect((await keys.keysOf(needed('gone')))('gone')).toBe('destroyed');
    expect(reads).toEqual([['gone']]);
  });

  it('are unknown for a customer without a stored key, and are read again next time', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada');
    const { keys: empty, stored: restored } = await keysOfCustomers();
    expect((await empty.keysOf(needed('ada')))('ada')).toBe('unknown');
    for (const [customerId, key] of stored) restored.set(customerId, key);
    expect((await empty.keysOf(needed('ada')))('ada')).toHaveLength(1);
    expect((await keys.keysOf(needed('ada')))('ada')).toEqual(await plain('ada'));
  });

  it('are read again after they are forgotten', async () => {
    const { keys, stored } = await keysOfCustomers('ada');
    await keys.keysOf(needed('ada'));
    stored.set('ada', 'destroyed');
    keys.forget('ada');
    expect((await keys.keysOf(needed('ada')))('ada')).toBe('destroyed');
  });

  it('are not reported as destroyed when the database cannot be read, nor afterwards', async () => {
    const { stored, plain } = await keysOfCustomers('ada');
    let fault: Error | undefined = new Error('database unavailable');
    const keys = createCustomerKeys(
      async () => {
        if (fault !== undefined) throw fault;
        return stored;
      },
      testMasterKey,
      simulatedRuntime(),
    );
    await expect(keys.keysOf(needed('ada'))).rejects.toThrow('database unavailable');
    fault = undefined;
    expect((await keys.keysOf(needed('ada')))('ada')).toEqual(await plain('ada'));
  });

  it('are unknown only for the customer whose stored key is damaged', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada', 'bob');
    const damaged = {
      ...(await newDataKey(testMasterKey, systemRuntime)),
      wrappedKey: randomBytes(40).toString('base64'),
    };
    stored.set('ada', [damaged]);
    const keyOf = await keys.keysOf(needed('ada', 'bob'));
    expect([keyOf('ada'), keyOf('bob')]).toEqual(['unknown', await plain('bob')]);
  });

  it('are unwrapped for twenty customers at the same time, and for no more', async () => {
    const ids = Array.from({ length: 45 }, (_, index) => `customer-${index}`);
    const { stored, plain } = await keysOfCustomers(...ids);
    const counts: number[] = [];
    let running = 0;
    const unwrap: MasterKey['unwrap'] = async (wrapped) => {
      counts.push(++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return testMasterKey.unwrap(wrapped);
    };
    const keys = createCustomerKeys(async () => stored, { ...testMasterKey, unwrap }, simulatedRuntime());
    const keyOf = await keys.keysOf(needed(...ids));
    expect([counts.length, Math.max(...counts)]).toEqual([45, 20]);
    expect(ids.map(keyOf)).toEqual(await Promise.all(ids.map(plain)));
  });

  it('are not reported as destroyed when the master key cannot be read', async () => {
    const { stored } = await keysOfCustomers('ada');
    const unavailable = { ...testMasterKey, unwrap: () => Promise.reject(new Error('vault unavailable')) };
    const keys = createCustomerKeys(async () => stored, unavailable, simulatedRuntime());
    await expect(keys.keysOf(needed('ada'))).rejects.toThrow('vault unavailable');
  });
});
