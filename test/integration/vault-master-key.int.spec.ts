import { type KeyObject, privateDecrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../bench/memory-store.ts';
import { rotateCustomerKeys } from '../../src/commands/customers/rotate-customer-keys.ts';
import { isOutdated, newDataKey, rewrapDataKey, unwrapDataKey } from '../../src/shared/personal-data/data-keys.ts';
import { DamagedKey, type MasterKey } from '../../src/shared/personal-data/master-key.ts';
import { vaultMasterKey } from '../../src/shared/personal-data/vault-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus } from '../support/commands/command-bus.ts';
import { testMasterKey } from '../support/events/personal-data.ts';
import { keysInKeyVault, PADDING, rsaKeys } from '../support/key-vault.ts';
import { simulatedRuntime } from '../support/simulated-runtime.ts';

const [FIRST, SECOND] = rsaKeys();

/** A vault whose key gets versions with names as long as those of Azure. */
function keyVault() {
  const { openVault, add, requests } = keysInKeyVault();
  const open = (previous?: MasterKey, clock = simulatedRuntime()) =>
    vaultMasterKey({ openVault, keyName: 'master-key', previous, clock });
  return { open, add: (name: string, key: KeyObject) => add(name.padEnd(32, '0'), key), requests };
}

const firstVault = () => {
  const vault = keyVault();
  vault.add('a', FIRST);
  return vault;
};
const newKeyOf = (masterKey: MasterKey) => newDataKey(masterKey, systemRuntime);

describe('the master key as a key in Key Vault', () => {
  it('wraps a data key so that only the vault can unwrap it', async () => {
    const vault = firstVault();
    const stored = await newKeyOf(vault.open());
    expect(stored.masterKeyVersion).toBe(`key-${'a'.padEnd(32, '0')}`);
    expect([stored.keyId.length <= 64, stored.wrappedKey.length <= 1024]).toEqual([true, true]);
    const { key } = await unwrapDataKey(stored, vault.open());
    expect(key).toEqual(privateDecrypt({ key: FIRST, ...PADDING }, Buffer.from(stored.wrappedKey, 'base64')));
    expect(key).toHaveLength(32);
  });

  it('is called once to unwrap a data key, which is then cached for some minutes', async () => {
    const vault = firstVault();
    const stored = await newKeyOf(vault.open());
    const clock = simulatedRuntime();
    const masterKey = vault.open(undefined, clock);
    vault.requests.length = 0;
    const unwraps = () => vault.requests.filter((request) => request.includes('unwrapkey')).length;
    await Promise.all([unwrapDataKey(stored, masterKey), unwrapDataKey(stored, masterKey)]);
    await unwrapDataKey(stored, masterKey);
    expect(unwraps()).toBe(1);
    await clock.pass(6 * 60_000);
    await unwrapDataKey(stored, masterKey);
    expect(unwraps()).toBe(2);
  });

  it('costs a command of a known customer no request', async () => {
    const vault = firstVault();
    const store = await openMemoryStore();
    const bus = openCommandBus(store, () => {}, vault.open());
    const customer = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1 };
    await bus.dispatch(envelopeOf({ type: 'RegisterCustomer', data: customer }));
    vault.requests.length = 0;
    for (const name of ['Ada King', 'Ada Lovelace']) {
      await bus.dispatch(envelopeOf({ type: 'ChangeCustomerContact', on: 'ada', data: { name } }));
    }
    expect(vault.requests).toEqual([]);
    await store.close();
  });

  it('can be rotated: new data keys are under the new version, and the others are rewrapped', async () => {
    const vault = firstVault();
    const masterKey = vault.open();
    const stored = await newKeyOf(masterKey);
    vault.add('b', SECOND);
    await masterKey.refresh();
    expect(await isOutdated(stored, masterKey)).toBe(true);
    const rewrapped = await rewrapDataKey(stored, masterKey);
    expect(rewrapped.masterKeyVersion).toBe(`key-${'b'.padEnd(32, '0')}`);
    expect((await unwrapDataKey(rewrapped, vault.open())).key).toEqual((await unwrapDataKey(stored, vault.open())).key);
  });

  it('rejects a damaged data key as damaged, and asks again next time', async () => {
    const masterKey = firstVault().open();
    const damaged = { ...(await newKeyOf(masterKey)), wrappedKey: randomBytes(384).toString('base64') };
    await expect(unwrapDataKey(damaged, masterKey)).rejects.toBeInstanceOf(DamagedKey);
    await expect(unwrapDataKey(damaged, masterKey)).rejects.toBeInstanceOf(DamagedKey);
  });

  it('does not take a version that the vault does not have for a damaged data key', async () => {
    const masterKey = firstVault().open();
    const lost = {
      ...(await newKeyOf(masterKey)),
      masterKeyVersion: `key-${'c'.padEnd(32, '0')}`,
      wrappedKey: 'bG9zdA==',
    };
    await expect(unwrapDataKey(lost, masterKey)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('takes over from a secret: the data keys under it stay readable, and are rewrapped', async () => {
    const vault = firstVault();
    const store = await openMemoryStore();
    const customer = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1 };
    await openCommandBus(store).dispatch(envelopeOf({ type: 'RegisterCustomer', data: customer }));
    const masterKey = vault.open(testMasterKey);
    await openCommandBus(store, () => {}, masterKey).dispatch(
      envelopeOf({ type: 'ChangeCustomerContact', on: 'ada', data: { name: 'Ada King' } }),
    );
    expect(await rotateCustomerKeys(store, masterKey)).toEqual({ rewrapped: 1, damaged: [] });
    const { customer: row } = await store.readEvents({ aggregateType: 'Customer', aggregateId: 'ada' });
    expect(row?.keys.map(({ masterKeyVersion }) => masterKeyVersion.startsWith('key-'))).toEqual([true, true]);
    await Promise.all(row?.keys.map((key) => unwrapDataKey(key, vault.open())) ?? []);
    await store.close();
  });
});
