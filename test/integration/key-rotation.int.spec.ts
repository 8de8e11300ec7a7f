import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../bench/memory-store.ts';
import { rotateCustomerKeys } from '../../src/commands/customers/rotate-customer-keys.ts';
import type { CustomerKeys } from '../../src/commands/write-store/customer-keys.ts';
import type { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { decodeEvents } from '../../src/shared/events/decode.ts';
import { unwrapDataKey } from '../../src/shared/personal-data/data-keys.ts';
import type { DataKeys } from '../../src/shared/personal-data/event-encryption.ts';
import type { MasterKey } from '../../src/shared/personal-data/master-key.ts';
import { type MasterKeyVersion, readableMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
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
  const masterKey = readableMasterKey({ newest, refresh: newest, version: async (name) => versionOf(name) });
  return { masterKey, rotate, disable: (name: string) => versions.delete(name) };
}

let store: SqliteWriteStore;
beforeEach(async () => {
  store = await openMemoryStore();
});
afterEach(() => store.close());

/** Registers customers, whose data keys are wrapped under the newest version. */
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

/** The names in all customer events, decrypted with the current keys. */
async function namesInLog(masterKey: MasterKey): Promise<readonly string[]> {
  const events = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10_000, maxCharacters: 1e9 });
  const decoded = await decodeEvents(
    events.map(({ body }) => body),
    async (needed) => {
      const keys = new Map<string, DataKeys>();
      for (const { customerId } of needed) {
        const { customer } = await store.readEvents({ aggregateType: 'Customer', aggregateId: customerId });
        if (customer === undefined) throw new Error(`There is no customer ${customerId}.`);
        const unwrapped = await Promise.all(customer.keys.map((key) => unwrapDataKey(key, masterKey)));
        keys.set(customerId, customer.erased ? 'destroyed' : unwrapped);
      }
      return (customerId) => keys.get(customerId) ?? 'unknown';
    },
  );
  return decoded.map((result) => {
    if (result.kind !== 'event' || result.event.aggregateType !== 'Customer') throw new Error(result.kind);
    return result.event.customer.name;
  });
}

/** Counts the calls of a rotation to the store. */
function counting(keys: CustomerKeys) {
  let calls = 0;
  const counted: CustomerKeys = {
    keysNotUnder: (request) => {
      calls++;
      return keys.keysNotUnder(request);
    },
    rewrapKeys: (rewrapped) => {
      calls++;
      return keys.rewrapKeys(rewrapped);
    },
  };
  return { counted, calls: () => calls };
}

describe('rotating the master key', () => {
  it('wraps every data key under the newest version, so that the previous version can be disabled', async () => {
    const { masterKey, rotate, disable } = rotatingMasterKey();
    await register(masterKey, 20, 'old');
    rotate();
    await register(masterKey, 5, 'new');
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 20, damaged: [] });
    disable('v1');
    expect(await namesInLog(masterKey)).toEqual(Array(25).fill('Ada'));
  });

  it('leaves data readable under both versions until the keys are rewrapped', async () => {
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

  it('costs two round trips per 500 keys', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 501, 'old');
    rotate();
    const { counted, calls } = counting(store);
    expect(await rotateCustomerKeys(counted, masterKey)).toEqual({ rewrapped: 501, damaged: [] });
    expect(calls()).toBe(4);
  });

  it('resumes where it was interrupted', async () => {
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

  it('skips a damaged key and reports its customer', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    await register(masterKey, 600, 'c');
    const { customerKey } = await store.load({ commandId: 'x', productIds: [], customerId: 'c-7' });
    if (customerKey === undefined) throw new Error('not registered');
    await store.rewrapKeys([{ ...customerKey, customerId: 'c-7', wrappedKey: Buffer.alloc(40).toString('base64') }]);
    rotate();
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 599, damaged: ['c-7'] });
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 0, damaged: ['c-7'] });
  });

  it('completes even when the master key gets a new version meanwhile', async () => {
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

  it('does not disturb concurrent commands and restores no erased customer', async () => {
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

  /** The data keys of a customer that an event was encrypted with, in the order of the events. */
  const keysInLog = async () => {
    const events = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10_000, maxCharacters: 1e9 });
    return events.map(({ body }) => JSON.parse(body).personal.keyId);
  };
  const rename = (customerId: string, name = 'Ada') =>
    envelopeOf({ type: 'ChangeCustomerContact', on: customerId, data: { name } });

  it('gives a customer a new data key with their next event, and the earlier events stay readable', async () => {
    const { masterKey, rotate, disable } = rotatingMasterKey();
    const bus = openCommandBus(store, () => {}, masterKey);
    await register(masterKey, 1, 'c');
    await bus.dispatch(rename('c-0'));
    rotate();
    await rotateCustomerKeys(store, masterKey);
    await bus.dispatch(rename('c-0'));
    await bus.dispatch(rename('c-0'));
    const [registered, before, after, later] = await keysInLog();
    expect([before === registered, after === before, later === after]).toEqual([true, false, true]);
    await rotateCustomerKeys(store, masterKey);
    disable('v1');
    expect(await namesInLog(masterKey)).toEqual(Array(4).fill('Ada'));
  });

  it('keeps what is encrypted after it from someone who took the data key before it', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    const bus = openCommandBus(store, () => {}, masterKey);
    await register(masterKey, 1, 'c');
    const { customerKey } = await store.load({ commandId: 'x', productIds: [], customerId: 'c-0' });
    if (customerKey === undefined) throw new Error('not registered');
    const taken = { ...(await unwrapDataKey(customerKey, masterKey)) };
    rotate();
    await bus.dispatch(rename('c-0', 'Ada King'));
    const events = await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10, maxCharacters: 1e9 });
    const bodies = events.map(({ body }) => body);
    const posing = bodies.map((body) => JSON.parse(body).personal.keyId);
    const keys = posing.map((keyId) => ({ ...taken, keyId }));
    const decoded = await decodeEvents(bodies, async () => () => keys);
    expect(decoded.map(({ kind }) => kind)).toEqual(['event', 'undecodable']);
  });

  it('gives a customer one new data key when commands run concurrently, which all succeed', async () => {
    const { masterKey, rotate } = rotatingMasterKey();
    const bus = openCommandBus(store, () => {}, masterKey);
    await register(masterKey, 1, 'c');
    rotate();
    await bus.dispatch(envelopeOf({ type: 'AddProduct', data: { productId: 'p', name: 'Lamp', price: 1, stock: 9 } }));
    const order = { customerId: 'c-0', items: [{ productId: 'p', quantity: 1 }] };
    const orders = Array.from({ length: 4 }, () => bus.dispatch(envelopeOf({ type: 'CreateOrder', data: order })));
    await Promise.all(orders);
    const bodies = (
      await store.claim({ owner: 'test', leaseMs: 0, olderThanMs: -1, limit: 10, maxCharacters: 1e9 })
    ).map(({ body }) => JSON.parse(body));
    const keys = bodies.filter(({ aggregateType }) => aggregateType === 'Order').map(({ personal }) => personal.keyId);
    expect([keys.length, new Set(keys).size]).toEqual([4, 1]);
  });
});
