import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../bench/memory-store.ts';
import { rotateCustomerKeys } from '../../src/commands/customers/rotate-customer-keys.ts';
import type { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import type { CustomerKeys } from '../../src/commands/write-store/write-store.ts';
import { decodeEvents } from '../../src/shared/events/decode.ts';
import { unwrapDataKey } from '../../src/shared/personal-data/data-keys.ts';
import type { DataKey } from '../../src/shared/personal-data/event-encryption.ts';
import type { MasterKey, MasterKeyVersion } from '../../src/shared/personal-data/master-key.ts';
import { envelopeOf, openCommandBus } from '../support/commands/command-bus.ts';

/** A master key in memory whose versions can be added and disabled. */
function rotatingMasterKey() {
  const versions = new Map<string, MasterKeyVersion>();
  const rotate = () => {
    const version = `v${versions.size + 1}`;
    versions.set(version, { version, key: randomBytes(32) });
    return version;
  };
  const newest = async () => versionOf([...versions.keys()].at(-1) ?? '');
  const versionOf = (name: string): MasterKeyVersion => {
    const version = versions.get(name);
    if (version === undefined) throw new Error(`Version ${name} is disabled.`);
    return version;
  };
  rotate();
  const masterKey: MasterKey = { newest, refresh: newest, version: async (name) => versionOf(name) };
  return { masterKey, rotate, disable: (name: string) => versions.delete(name) };
}

let store: SqliteWriteStore;
beforeEach(async () => {
  store = await openMemoryStore();
});
afterEach(() => store.close());

/** Registers customers, each under the newest version. */
async function register(masterKey: MasterKey, count: number, name: string): Promise<void> {
  const bus = openCommandBus(store, () => {}, masterKey);
  const customers = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  await Promise.all(
    customers.map((customerId) =>
      bus.dispatch(
        envelopeOf({
          type: 'RegisterCustomer',
          data: { customerId, name: 'Ada', email: 'ada@example.com', creditLimit: 1 },
        }),
      ),
    ),
  );
}

/** The names in all events of customers, as they open now. */
async function namesInLog(masterKey: MasterKey): Promise<readonly string[]> {
  const events = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10_000 });
  const opened = await decodeEvents(
    events.map(({ body }) => body),
    async (customerIds) => {
      const keys = new Map<string, DataKey>();
      for (const customerId of customerIds) {
        const { customerKey } = await store.load({ commandId: 'x', productIds: [], customerId });
        keys.set(customerId, customerKey === undefined ? 'destroyed' : await unwrapDataKey(customerKey, masterKey));
      }
      return (customerId) => keys.get(customerId) ?? 'unknown';
    },
  );
  return opened.map((result) => {
    if (result.kind !== 'event' || result.event.aggregateType !== 'Customer') throw new Error(result.kind);
    return result.event.customer.name;
  });
}

/** A store that counts the calls of a rotation. */
function counting(keys: CustomerKeys) {
  let calls = 0;
  const counted: CustomerKeys = {
    keysNotUnder: (request) => {
      calls++;
      return keys.keysNotUnder(request);
    },
    rewrapKeys: (anew) => {
      calls++;
      return keys.rewrapKeys(anew);
    },
  };
  return { counted, calls: () => calls };
}

describe('rotating the master key', () => {
  it('wraps every data key under the newest version, so that the one before can be disabled', async () => {
    const { masterKey, rotate, disable } = rotatingMasterKey();
    await register(masterKey, 20, 'old');
    rotate();
    await register(masterKey, 5, 'new');
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 20, damaged: [] });
    disable('v1');
    expect(await namesInLog(masterKey)).toEqual(Array(25).fill('Ada'));
  });

  it('opens what both versions have wrapped while it is under way', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 3, 'old');
    rotate();
    await register(masterKey, 3, 'new');
    expect(await namesInLog(masterKey)).toEqual(Array(6).fill('Ada'));
  });

  it('does nothing the second time', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 3, 'old');
    rotate();
    await rotateCustomerKeys(store, masterKey);
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 0, damaged: [] });
  });

  it('costs two round trips for 500 keys', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 501, 'old');
    rotate();
    const { counted, calls } = counting(store);
    expect(await rotateCustomerKeys(counted, masterKey)).toEqual({ rewrapped: 501, damaged: [] });
    expect(calls()).toBe(4);
  });

  it('goes on from where it was when it stops half-way', async () => {
    const { masterKey, rotate, disable } = rotatingMasterKey();
    await register(masterKey, 501, 'old');
    rotate();
    let left = 1;
    const stopping: CustomerKeys = {
      keysNotUnder: (request) => store.keysNotUnder(request),
      rewrapKeys: (keys) => (left-- > 0 ? store.rewrapKeys(keys) : Promise.reject(new Error('host stopped'))),
    };
    await expect(rotateCustomerKeys(stopping, masterKey)).rejects.toThrow('host stopped');
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 1, damaged: [] });
    disable('v1');
    expect(await namesInLog(masterKey)).toHaveLength(501);
  });

  it('passes over a key that is damaged, and names its customer', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 600, 'c');
    const { customerKey } = await store.load({ commandId: 'x', productIds: [], customerId: 'c-7' });
    if (customerKey === undefined) throw new Error('not registered');
    await store.rewrapKeys([{ ...customerKey, customerId: 'c-7', wrappedKey: Buffer.alloc(40).toString('base64') }]);
    rotate();
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 599, damaged: ['c-7'] });
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 0, damaged: ['c-7'] });
  });

  it('ends also when the master key gets a version meanwhile', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 600, 'c');
    rotate();
    const meanwhile: CustomerKeys = {
      keysNotUnder: (request) => store.keysNotUnder(request),
      rewrapKeys: (keys) => {
        rotate();
        return store.rewrapKeys(keys);
      },
    };
    expect(await rotateCustomerKeys(meanwhile, masterKey)).toEqual({ rewrapped: 600, damaged: [] });
  });

  it('is not noticed by commands that run meanwhile, and brings no erased customer back', async () => {
    const { masterKey, rotate, disable } = rotatingMasterKey();
    await register(masterKey, 40, 'c');
    rotate();
    const bus = openCommandBus(store, () => {}, masterKey);
    const commands = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0
        ? { type: 'EraseCustomer', on: `c-${index}` }
        : { type: 'ChangeCustomerContact', on: `c-${index}`, data: { name: 'Ada' } },
    );
    await Promise.all([
      ...commands.map((command) => bus.dispatch(envelopeOf(command))),
      rotateCustomerKeys(store, masterKey),
    ]);
    await rotateCustomerKeys(store, masterKey);
    disable('v1');
    const names = await namesInLog(masterKey);
    expect(names.filter((name) => name === 'Ada')).toHaveLength(60);
    expect(names.filter((name) => name === '[erased]')).toHaveLength(20);
  });
});
