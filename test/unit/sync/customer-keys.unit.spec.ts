import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newDataKey, unwrapDataKey, type WrappedKey } from '../../../src/shared/personal-data/data-keys.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { createCustomerKeys } from '../../../src/sync/customer-keys/customer-keys.ts';
import type { SyncDatabase } from '../../../src/sync/database/sync-database.ts';
import { testMasterKey } from '../../support/events/personal-data.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const MINUTE = 60_000;

/** The keys of some customers, with a record of the reads from the write database. */
async function keysOfCustomers(...customerIds: readonly string[]) {
  const stored = new Map<string, WrappedKey | 'destroyed'>();
  for (const customerId of customerIds) stored.set(customerId, await newDataKey(testMasterKey, systemRuntime));
  const reads: (readonly string[])[] = [];
  const clock = simulatedRuntime();
  const read: SyncDatabase['readCustomerKeys'] = async (ids) => {
    reads.push(ids);
    return new Map(ids.flatMap((id) => [...stored].filter(([customerId]) => customerId === id)));
  };
  const keys = createCustomerKeys(read, testMasterKey, clock);
  const plain = async (customerId: string) => {
    const wrapped = stored.get(customerId);
    return typeof wrapped === 'object' ? unwrapDataKey(wrapped, testMasterKey) : wrapped;
  };
  return { keys, stored, reads, plain, pass: clock.pass };
}

describe("the sync app's customer keys", () => {
  it('are read once for all customers of a batch and cached for the next batch', async () => {
    const { keys, reads, plain } = await keysOfCustomers('ada', 'bob', 'eve');
    const keyOf = await keys.keysOf(['ada', 'bob']);
    expect([keyOf('ada'), keyOf('bob')]).toEqual([await plain('ada'), await plain('bob')]);
    await keys.keysOf(['bob', 'ada']);
    await keys.keysOf(['ada', 'eve']);
    expect(reads).toEqual([['ada', 'bob'], ['eve']]);
  });

  it('are read again after some minutes', async () => {
    const { keys, reads, pass } = await keysOfCustomers('ada');
    await keys.keysOf(['ada']);
    await pass(6 * MINUTE);
    await keys.keysOf(['ada']);
    expect(reads).toEqual([['ada'], ['ada']]);
  });

  it('are reported as destroyed for an erased customer, which is cached too', async () => {
    const { keys, reads, stored } = await keysOfCustomers();
    stored.set('gone', 'destroyed');
    expect((await keys.keysOf(['gone']))('gone')).toBe('destroyed');
    expect((await keys.keysOf(['gone']))('gone')).toBe('destroyed');
    expect(reads).toEqual([['gone']]);
  });

  it('are unknown for a customer without a stored key, and are read again next time', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada');
    const { keys: empty, stored: restored } = await keysOfCustomers();
    expect((await empty.keysOf(['ada']))('ada')).toBe('unknown');
    for (const [customerId, key] of stored) restored.set(customerId, key);
    expect((await empty.keysOf(['ada']))('ada')).toBeInstanceOf(Buffer);
    expect((await keys.keysOf(['ada']))('ada')).toEqual(await plain('ada'));
  });

  it('are read again after they are forgotten', async () => {
    const { keys, stored } = await keysOfCustomers('ada');
    await keys.keysOf(['ada']);
    stored.set('ada', 'destroyed');
    keys.forget('ada');
    expect((await keys.keysOf(['ada']))('ada')).toBe('destroyed');
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
    await expect(keys.keysOf(['ada'])).rejects.toThrow('database unavailable');
    fault = undefined;
    expect((await keys.keysOf(['ada']))('ada')).toEqual(await plain('ada'));
  });

  it('are unknown only for the customer whose stored key is damaged', async () => {
    const { keys, stored, plain } = await keysOfCustomers('ada', 'bob');
    const damaged = await newDataKey(
      {
        ...testMasterKey,
        newest: async () => ({ version: 'v1', key: randomBytes(32) }),
      },
      systemRuntime,
    );
    stored.set('ada', damaged);
    const keyOf = await keys.keysOf(['ada', 'bob']);
    expect([keyOf('ada'), keyOf('bob')]).toEqual(['unknown', await plain('bob')]);
  });

  it('are not reported as destroyed when the master key cannot be read', async () => {
    const { stored } = await keysOfCustomers('ada');
    const unavailable = { ...testMasterKey, version: () => Promise.reject(new Error('vault unavailable')) };
    const keys = createCustomerKeys(async () => stored, unavailable, simulatedRuntime());
    await expect(keys.keysOf(['ada'])).rejects.toThrow('vault unavailable');
  });
});
