import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newDataKey, unwrapDataKey, type WrappedKey } from '../../src/shared/personal-data/data-keys.ts';
import { createCustomerKeys, type ReadCustomerKeys } from '../../src/sync/customer-keys.ts';
import { testMasterKey } from '../support/personal-data.ts';

const MINUTE = 60_000;

/** The keys of some customers, and what was asked of the write database. */
async function keysOfCustomers(...customerIds: readonly string[]) {
  const stored = new Map<string, WrappedKey>();
  for (const customerId of customerIds) stored.set(customerId, await newDataKey(testMasterKey));
  const reads: (readonly string[])[] = [];
  let now = 1;
  const read: ReadCustomerKeys = async (ids) => {
    reads.push(ids);
    return new Map(ids.flatMap((id) => [...stored].filter(([customerId]) => customerId === id)));
  };
  const keys = createCustomerKeys(read, testMasterKey, { now: () => now });
  const plain = async (customerId: string) => {
    const wrapped = stored.get(customerId);
    return wrapped && (await unwrapDataKey(wrapped, testMasterKey));
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
    const { keys, reads } = await keysOfCustomers();
    expect((await keys.keysOf(['gone']))('gone')).toBeUndefined();
    expect((await keys.keysOf(['gone']))('gone')).toBeUndefined();
    expect(reads).toEqual([['gone']]);
  });

  it('are forgotten with the customer', async () => {
    const { keys, stored } = await keysOfCustomers('ada');
    await keys.keysOf(['ada']);
    stored.delete('ada');
    keys.forget('ada');
    expect((await keys.keysOf(['ada']))('ada')).toBeUndefined();
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

  it('take nobody for erased whose key is wrapped under a master key that cannot be had', async () => {
    const other = { version: 'v1', key: randomBytes(32) };
    const wrapped = await newDataKey({
      newest: async () => other,
      refresh: async () => other,
      version: async () => other,
    });
    const keys = createCustomerKeys(async () => new Map([['ada', wrapped]]), testMasterKey);
    await expect(keys.keysOf(['ada'])).rejects.toThrow();
  });
});
