import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { WrappedKey } from '../../src/shared/personal-data/data-keys.ts';
import type { SyncDatabase } from '../../src/sync/database/sync-database.ts';
import { customerCommit } from '../support/commands/commits.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What the sync app's reading of keys holds to, whatever the database. To be called inside a `describe`. */
export function readCustomerKeysContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let store: WriteStore;
  let database: SyncDatabase;

  beforeEach(() => {
    ({ store, database } = sides());
  });

  const read = (...customerIds: readonly string[]) => database.readCustomerKeys(customerIds);

  /** Registers a customer with a key of their own, and returns it. */
  async function register(customerId: string): Promise<WrappedKey> {
    const key = { keyId: randomUUID(), wrappedKey: `key of ${customerId}`, masterKeyVersion: 'v1' };
    await store.commit({ ...customerCommit({ customerId }), customerKey: { customerId, ...key, isNew: true } });
    return key;
  }

  describe('reading keys', () => {
    it('gives those of the customers asked for', async () => {
      const [ada, bob] = [await register('ada'), await register('bob'), await register('eve')];
      expect(await read('bob', 'ada')).toEqual(
        new Map([
          ['ada', ada],
          ['bob', bob],
        ]),
      );
    });

    it('tells who is erased from who was never registered, or had nothing sealed', async () => {
      await register('ada');
      await store.commit({ ...customerCommit({ customerId: 'ada', version: 2 }), erasedCustomerId: 'ada' });
      await store.commit(customerCommit({ customerId: 'bob' }));
      expect(await read('ada', 'bob', 'nobody')).toEqual(new Map([['ada', 'destroyed']]));
    });

    it('tells ids apart that differ in case, and takes quotes and all of Unicode', async () => {
      const ids = ['ada', 'Ada', `o'"]|\\ 李`];
      const keys = new Map<string, WrappedKey>();
      for (const id of ids) keys.set(id, await register(id));
      expect(await read(...ids)).toEqual(keys);
      expect(await read('ADA')).toEqual(new Map());
    });

    it('sees a key that was committed a moment ago', async () => {
      expect(await read('ada')).toEqual(new Map());
      const key = await register('ada');
      expect(await read('ada')).toEqual(new Map([['ada', key]]));
    });
  });
}
