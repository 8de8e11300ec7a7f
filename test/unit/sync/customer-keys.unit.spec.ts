import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newDataKey, unwrapDataKey, type WrappedKey } from '../../../src/shared/personal-data/data-keys.ts';
import { createCustomerKeys } from '../../../src/sync/customer-keys/customer-keys.ts';
import type { SyncDatabase } from '../../../src/sync/database/sync-database.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';

const MINUTE = 60_000;

/** The keys of some customers, and what was asked of the write database. */
async function keysOfCustomers(...customerIds: readonly string[]) {
  const stored = new Map<string, WrappedKey | 'destroyed'>();
  for (const customerId of customerIds) stored.set(customerId, await newDataKey(testMasterKey));
  const reads: (readonly string[])[] = [];
  let now = 1;
  const read: SyncDatabase['readCustomerKeys'] = async (ids) => {
    reads.push(ids);
    return new Map(ids.flatMap((id) => [...stored].filter(([customerId]) => customerId === id)));
  };
  const keys = createCustomerKeys(read, testMasterKey, { now: () => now });
  const plain = async (customerId: string) => {
    const wrapped = stored.get(customerId);
    return typeof wrapped === 'object' ? unwrapDataKey(wrapped, testMasterKey) : wrapped;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { keys, stored, reads, plain, pass };
}

describe("the sync app's keys of customers", () => {
  it('are read at once for all customers of a batch, and not again for the next', async () => {
    const { keys, reads, plain } = await keysOfCustomers('ada', 'bob', 'eve');
    const keyOf = await keys.keysOf(['ada', 'bob']);
    expect([keyOf('ada'), keyOf('bob')]).toEqual([await plain('ada'), await plain('bob')]);
    await keys.keysOf(['bob', 'ada']);
    await keys.keysOf(['ada', 'eve']);
    expect(reads).toEqual([['ada', 'bob'], ['eve']]);
  });

  it('are looked up again after some minutes', async () => {
    const { keys, reads, pass } = await keysOfCustomers('ada');
    await keys.keysOf(['ada']);
    pass(6 * MINUTE);
    await keys.keysOf(['ada']);
    expect(reads).toEqual([['ada'], ['ada']]);
  });

  it('tell who is erased, without asking each time', async () => {
    const { keys, reads, stored } = await keysOfCustomers();
    stored.set('gone', 'destroyed');
    expect((await keys.keysOf(['gone']))('gone')).toBe('destroyed');
    expect((await keys.keysOf(['gone']))('gone')).toBe('destroyed');
    expect(reads).toEqual([['gone']]);
  });

  it('take nobody for erased of whom the database knows nothing, and look again', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada');
    const { keys: empty, stored: restored } = await keysOfCustomers();
    expect((await empty.keysOf(['ada']))('ada')).toBe('unknown');
    for (const [customerId, key] of stored) restored.set(customerId, key);
    expect((await empty.keysOf(['ada']))('ada')).toBeInstanceOf(Buffer);
    expect((await keys.keysOf(['ada']))('ada')).toEqual(await plain('ada'));
  });

  it('are forgotten with the customer', async () => {
    const { keys, stored } = await keysOfCustomers('ada');
    await keys.keysOf(['ada']);
    stored.set('ada', 'destroyed');
    keys.forget('ada');
    expect((await keys.keysOf(['ada']))('ada')).toBe('destroyed');
  });

  it('take nobody for erased when the database cannot be read, nor afterwards', async () => {
    const { stored, plain } = await keysOfCustomers('ada');
    let fault: Error | undefined = new Error('away');
    const keys = createCustomerKeys(async () => {
      if (fault !== undefined) throw fault;
      return stored;
    }, testMasterKey);
    await expect(keys.keysOf(['ada'])).rejects.toThrow('away');
    fault = undefined;
    expect((await keys.keysOf(['ada']))('ada')).toEqual(await plain('ada'));
  });

  it('are unknown of a customer whose key is damaged, and of nobody else', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada', 'bob');
    const damaged = await newDataKey({
      ...testMasterKey,
      newest: async () => ({ version: 'v1', key: randomBytes(32) }),
    });
    stored.set('ada', damaged);
    const keyOf = await keys.keysOf(['ada', 'bob']);
    expect([keyOf('ada'), keyOf('bob')]).toEqual(['unknown', await plain('bob')]);
  });

  it('take nobody for erased when the master key cannot be read', async () => {
    const { stored } = await keysOfCustomers('ada');
    const away = { ...testMasterKey, version: () => Promise.reject(new Error('vault away')) };
    const keys = createCustomerKeys(async () => stored, away);
    await expect(keys.keysOf(['ada'])).rejects.toThrow('vault away');
  });
});
