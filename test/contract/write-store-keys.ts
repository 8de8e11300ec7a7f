import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CommandCommit, CustomerKey, LoadedRows } from '../../src/commands/write-store/write-store.ts';
import { ERASED_ADDRESS } from '../../src/shared/personal-data/placeholders.ts';
import { customerCommit, orderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

/** A stored key; what it is wrapped under does not matter to the store. */
const newKey = (customerId: string, masterKeyVersion = 'v1'): CustomerKey => ({
  customerId,
  keyId: randomUUID(),
  wrappedKey: Buffer.from(randomUUID()).toString('base64'),
  masterKeyVersion,
});

const sealedWithNew = (commit: CommandCommit, key: CustomerKey): CommandCommit => ({
  ...commit,
  customerKey: { ...key, isNew: true },
});
const sealedWith = (commit: CommandCommit, key: CustomerKey): CommandCommit => ({
  ...commit,
  customerKey: { ...key, isNew: false },
});
const erasing = (customerId: string, version: number): CommandCommit => ({
  ...customerCommit({ customerId, name: '[erased]', version }),
  erasedCustomerId: customerId,
});

const COMMITTED = { outcome: 'committed' };
const CONFLICT = { outcome: 'conflict' };

export function keyContract(context: () => StoreContext): void {
  const load = (ids: { readonly customerId?: string; readonly orderId?: string }): Promise<LoadedRows> =>
    context().store.load({ commandId: 'x', productIds: [], ...ids });

  /** Customer `c` with a key, and order `o` of theirs. */
  async function seed(): Promise<CustomerKey> {
    const key = newKey('c');
    const { store } = context();
    expect(await store.commit(sealedWithNew(customerCommit({ customerId: 'c' }), key))).toEqual(COMMITTED);
    expect(await store.commit(sealedWith(orderCommit({ orderId: 'o', customerId: 'c' }), key))).toEqual(COMMITTED);
    return key;
  }

  const stored = ({ customerId: _, ...key }: CustomerKey) => key;

  describe("a customer's data key", () => {
    it('is stored with the first event that is sealed, and found with the customer and with their orders', async () => {
      const key = await seed();
      const found = [await load({ customerId: 'c' }), await load({ orderId: 'o' })];
      expect(found.map(({ customerKey, customer }) => [customerKey, customer?.erased])).toEqual([
        [stored(key), false],
        [stored(key), false],
      ]);
    });

    it('is absent as long as nothing was sealed', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      expect(await load({ customerId: 'c' })).not.toHaveProperty('customerKey');
    });

    it('comes with the events of an order, of a customer, and of no product', async () => {
      const key = await seed();
      const { store } = context();
      await store.commit(productCommit({ productId: 'c' }));
      const keyOf = async (aggregateType: 'Order' | 'Customer' | 'Product', aggregateId: string) =>
        (await store.readEvents({ aggregateType, aggregateId })).customer?.key;
      expect([await keyOf('Order', 'o'), await keyOf('Customer', 'c'), await keyOf('Product', 'c')]).toEqual([
        stored(key),
        stored(key),
        undefined,
      ]);
    });

    it('is one: of two that are made at the same time the second is a conflict', async () => {
      const { store, other } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      const outcomes = await Promise.all(
        ['o1', 'o2', 'o3', 'o4'].map((orderId, index) =>
          (index % 2 === 0 ? store : other).commit(
            sealedWithNew(orderCommit({ orderId, customerId: 'c' }), newKey('c')),
          ),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'conflict', 'conflict', 'conflict']);
    });

    it('is not stored with a commit that fails for another reason', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      const before = await context().dump();
      const stale = sealedWithNew(customerCommit({ customerId: 'c' }), newKey('c'));
      expect(await context().store.commit(stale)).toEqual(CONFLICT);
      expect(await context().dump()).toEqual(before);
    });

    it('must be the one that the events are sealed with: otherwise nothing is written', async () => {
      await seed();
      const before = await context().dump();
      const commit = sealedWith(orderCommit({ orderId: 'o2', customerId: 'c' }), newKey('c'));
      expect(await context().store.commit(commit)).toEqual(CONFLICT);
      expect(await context().dump()).toEqual(before);
    });
  });

  describe('erasing a customer', () => {
    it('destroys the key, and every byte of it', async () => {
      const { keyId, wrappedKey } = await seed();
      await context().store.commit(erasing('c', 2));
      expect(await load({ customerId: 'c' })).not.toHaveProperty('customerKey');
      expect((await load({ customerId: 'c' })).customer).toMatchObject({ erased: true, name: '[erased]' });
      const all = JSON.stringify(await context().dump());
      expect([keyId, wrappedKey].filter((text) => all.includes(text))).toEqual([]);
    });

    it("puts placeholders in the addresses of the customer's orders, and in no one else's", async () => {
      const { store } = context();
      await seed();
      await store.commit(customerCommit({ customerId: 'd' }));
      await store.commit(orderCommit({ orderId: 'of-d', customerId: 'd' }));
      const draft = { status: 'draft' as const, shippingAddress: null, placedAt: null };
      await store.commit(orderCommit({ orderId: 'draft', customerId: 'c', row: draft }));
      await store.commit(erasing('c', 2));
      const addresses = ['o', 'draft', 'of-d'].map(async (orderId) => (await load({ orderId })).order?.shippingAddress);
      expect(await Promise.all(addresses)).toEqual([ERASED_ADDRESS, null, expect.objectContaining({ zip: '62701' })]);
    });

    it('leaves an order its version, its sums and its lines', async () => {
      await seed();
      const { order: before } = await load({ orderId: 'o' });
      await context().store.commit(erasing('c', 2));
      const { order } = await load({ orderId: 'o' });
      expect(order).toEqual({ ...before, shippingAddress: ERASED_ADDRESS });
    });

    it.each([
      ['the old key', (commit: CommandCommit, key: CustomerKey) => sealedWith(commit, key)],
      ['a new key', (commit: CommandCommit) => sealedWithNew(commit, newKey('c'))],
    ])('makes a conflict of what is sealed with %s afterwards', async (_what, seal) => {
      const key = await seed();
      await context().store.commit(erasing('c', 2));
      const before = await context().dump();
      expect(await context().store.commit(seal(orderCommit({ orderId: 'o2', customerId: 'c' }), key))).toEqual(
        CONFLICT,
      );
      expect(await context().dump()).toEqual(before);
    });

    it('can be done to a customer of whom nothing was sealed', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      expect(await store.commit(erasing('c', 2))).toEqual(COMMITTED);
      expect((await load({ customerId: 'c' })).customer?.erased).toBe(true);
    });

    it('while orders are placed: every order that is there has lost its address', async () => {
      const key = await seed();
      const { store, other } = context();
      const commits = Array.from({ length: 30 }, (_, index) =>
        sealedWith(orderCommit({ orderId: `racing-${index}`, customerId: 'c' }), key),
      );
      commits.splice(15, 0, erasing('c', 2));
      const outcomes = await Promise.all(
        commits.map((commit, index) => (index % 2 === 0 ? store : other).commit(commit)),
      );
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['committed', 'conflict']));
      const { Orders } = await context().dump();
      expect(new Set(Orders.map(({ ShippingStreet }) => ShippingStreet))).toEqual(new Set(['[erased]']));
    });
  });

  describe('wrapping keys anew', () => {
    it('finds the keys under other versions, as many as are asked for', async () => {
      const { store } = context();
      for (const [customerId, version] of [
        ['a', 'v1'],
        ['b', 'v2'],
        ['c', 'v1'],
        ['d', 'v3'],
      ] as const) {
        await store.commit(sealedWithNew(customerCommit({ customerId }), newKey(customerId, version)));
      }
      await store.commit(erasing('d', 2));
      const found = async (after: string, limit: number) =>
        (await store.keysNotUnder({ masterKeyVersion: 'v2', after, limit })).map(({ customerId }) => customerId);
      expect(await found('', 100)).toEqual(['a', 'c']);
      expect(await found('', 1)).toEqual(['a']);
      expect(await found('a', 1)).toEqual(['c']);
      expect(await found('c', 1)).toEqual([]);
    });

    it('puts a key under another version; who holds the old one can still commit', async () => {
      const key = await seed();
      const { store, other } = context();
      const anew = { ...key, wrappedKey: 'bmV3', masterKeyVersion: 'v2' };
      await other.rewrapKeys([anew]);
      expect((await load({ customerId: 'c' })).customerKey).toEqual(stored(anew));
      expect(await store.commit(sealedWith(orderCommit({ orderId: 'o2', customerId: 'c' }), key))).toEqual(COMMITTED);
      expect(await store.keysNotUnder({ masterKeyVersion: 'v2', after: '', limit: 100 })).toEqual([]);
    });

    it('brings no key back that was destroyed meanwhile', async () => {
      const key = await seed();
      const { store } = context();
      await store.commit(erasing('c', 2));
      const before = await context().dump();
      await store.rewrapKeys([{ ...key, masterKeyVersion: 'v2' }]);
      expect(await context().dump()).toEqual(before);
    });

    it('does nothing without keys', async () => {
      await expect(context().store.rewrapKeys([])).resolves.toBeUndefined();
    });
  });
}
