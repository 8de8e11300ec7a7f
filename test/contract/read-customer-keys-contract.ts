import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { WrappedKey } from '../../src/shared/personal-data/data-keys.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import { customerCommit } from '../support/commands/commits.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What `readCustomerKeys` of the sync app guarantees, whatever the database. Call it inside a `describe`. */
export function readCustomerKeysContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let store: WriteStore;
  let database: SyncDatabase;

  beforeEach(() => {
    ({ store, database } = sides());
  });

  const read = (...customerIds: readonly string[]) => database.readCustomerKeys(customerIds);

  /** Registers a customer with a new key and returns the key. */
  async function register(customerId: string): Promise<WrappedKey> {
    const key = { keyId: randomUUID(), wrappedKey: `key of ${customerId}`, masterKeyVersion: 'v1' };
    await store.commit({ ...customerCommit({ customerId }), customerKey: { customerId, ...key, isNew: true } });
    return key;
  }

  describe('readCustomerKeys', () => {
    it('returns the keys of the requested customers', async () => {
      const [ada, bob] = [await register('ada'), await register('bob'), await register('eve')];
      expect(await read('bob', 'ada')).toEqual(
        new Map([
          ['ada', [ada]],
          ['bob', [bob]],
        ]),
      );
    });

    it('distinguishes an erased customer from one that is not registered or has no encrypted data', async () => {
      await register('ada');
      await store.commit({ ...customerCommit({ customerId: 'ada', version: 2 }), erasedCustomerId: 'ada' });
      await store.commit(customerCommit({ customerId: 'bob' }));
      expect(await read('ada', 'bob', 'nobody')).toEqual(new Map([['ada', 'destroyed']]));
    });

    it('distinguishes ids that differ in case, and accepts quotes and any Unicode', async () => {
      const ids = ['ada', 'Ada', `o'"]|\\ 李`];
      const keys = new Map<string, readonly WrappedKey[]>();
      for (const id of ids) keys.set(id, [await register(id)]);
      expect(await read(...ids)).toEqual(keys);
      expect(await read('ADA')).toEqual(new Map());
    });

    it('returns the earlier keys of a customer after the current one', async () => {
      const earlier = await register('ada');
      const current = { keyId: randomUUID(), wrappedKey: 'newer key of ada', masterKeyVersion: 'v2' };
      const customerKey = { customerId: 'ada', ...current, isNew: true, replaces: earlier.keyId };
      await store.commit({ ...customerCommit({ customerId: 'ada', version: 2 }), customerKey });
      expect(await read('ada')).toEqual(new Map([['ada', [current, earlier]]]));
    });

    it('returns a key that was just committed', async () => {
      expect(await read('ada')).toEqual(new Map());
      const key = await register('ada');
      expect(await read('ada')).toEqual(new Map([['ada', [key]]]));
    });
  });
}
