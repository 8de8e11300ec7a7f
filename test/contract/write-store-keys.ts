import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CustomerKey } from '../../src/commands/write-store/customer-keys.ts';
import type { CommandCommit, LoadedRows } from '../../src/commands/write-store/write-store.ts';
import { ERASED_ADDRESS, ERASED_SHIPMENT } from '../../src/shared/personal-data/placeholders.ts';
import { customerCommit, orderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

/** A stored key. Its wrapped value does not matter to the store. */
const newKey = (customerId: string, masterKeyVersion = 'v1'): CustomerKey => ({
  customerId,
  keyId: randomUUID(),
  wrappedKey: Buffer.from(randomUUID()).toString('base64'),
  masterKeyVersion,
});

const encryptedWithNew = (commit: CommandCommit, key: CustomerKey): CommandCommit => ({
  ...commit,
  customerKey: { ...key, isNew: true },
});
const encryptedWith = (commit: CommandCommit, key: CustomerKey): CommandCommit => ({
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
    expect(await store.commit(encryptedWithNew(customerCommit({ customerId: 'c' }), key))).toEqual(COMMITTED);
    expect(await store.commit(encryptedWith(orderCommit({ orderId: 'o', customerId: 'c' }), key))).toEqual(COMMITTED);
    return key;
  }

  const stored = ({ customerId: _, ...key }: CustomerKey) => key;

  describe("a customer's data key", () => {
    it('is stored with the first encrypted event, and loaded with the customer and with their orders', async () => {
      const key = await seed();
      const found = [await load({ customerId: 'c' }), await load({ orderId: 'o' })];
      expect(found.map(({ customerKey, customer }) => [customerKey, customer?.erased])).toEqual([
        [stored(key), false],
        [stored(key), false],
      ]);
    });

    it('is absent as long as nothing is encrypted', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      expect(await load({ customerId: 'c' })).not.toHaveProperty('customerKey');
    });

    it('is returned with the events of an order and of a customer, but not of a product', async () => {
      const key = await seed();
      const { store } = context();
      await store.commit(productCommit({ productId: 'c' }));
      const keyOf = async (aggregateType: 'Order' | 'Customer' | 'Product', aggregateId: string) =>
        (await store.readEvents({ aggregateType, aggregateId })).customer?.keys;
      expect([await keyOf('Order', 'o'), await keyOf('Customer', 'c'), await keyOf('Product', 'c')]).toEqual([
        [stored(key)],
        [stored(key)],
        undefined,
      ]);
    });

    it('is unique: of several new keys at the same time, all but the first are conflicts', async () => {
      const { store, other } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      const outcomes = await Promise.all(
        ['o1', 'o2', 'o3', 'o4'].map((orderId, index) =>
          (index % 2 === 0 ? store : other).commit(
            encryptedWithNew(orderCommit({ orderId, customerId: 'c' }), newKey('c')),
          ),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'conflict', 'conflict', 'conflict']);
    });

    it('is not stored with a commit that fails for another reason', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      const before = await context().dump();
      const stale = encryptedWithNew(customerCommit({ customerId: 'c' }), newKey('c'));
      expect(await context().store.commit(stale)).toEqual(CONFLICT);
      expect(await context().dump()).toEqual(before);
    });

    it('must be the key that encrypts the events; otherwise nothing is written', async () => {
      await seed();
      const before = await context().dump();
      const commit = encryptedWith(orderCommit({ orderId: 'o2', customerId: 'c' }), newKey('c'));
      expect(await context().store.commit(commit)).toEqual(CONFLICT);
      expect(await context().dump()).toEqual(before);
    });
  });

  describe("a customer's data key that is replaced", () => {
    const replacing = (commit: CommandCommit, key: CustomerKey, replaces: CustomerKey): CommandCommit => ({
      ...commit,
      customerKey: { ...key, isNew: true, replaces: replaces.keyId },
    });
    const order = (orderId: string) => orderCommit({ orderId, customerId: 'c' });

    it('encrypts no new events, but still decrypts', async () => {
      const first = await seed();
      const { store } = context();
      const second = newKey('c', 'v2');
      expect(await store.commit(replacing(order('o2'), second, first))).toEqual(COMMITTED);
      expect((await load({ customerId: 'c' })).customerKey).toEqual(stored(second));
      const { customer } = await store.readEvents({ aggregateType: 'Order', aggregateId: 'o' });
      expect(customer?.keys).toEqual([stored(second), stored(first)]);
    });

    it('makes a commit that was decided on it a conflict, which writes nothing', async () => {
      const first = await seed();
      const { store } = context();
      await store.commit(replacing(order('o2'), newKey('c', 'v2'), first));
      const before = await context().dump();
      expect(await store.commit(encryptedWith(order('o3'), first))).toEqual(CONFLICT);
      expect(await store.commit(replacing(order('o3'), newKey('c', 'v2'), first))).toEqual(CONFLICT);
      expect(await context().dump()).toEqual(before);
    });

    it('is replaced once when several commits replace it at the same time', async () => {
      const first = await seed();
      const { store, other } = context();
      const outcomes = await Promise.all(
        ['o2', 'o3', 'o4', 'o5'].map((orderId, index) =>
          (index % 2 === 0 ? store : other).commit(replacing(order(orderId), newKey('c', 'v2'), first)),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'conflict', 'conflict', 'conflict']);
    });

    it('is rewrapped like the current one', async () => {
      const first = await seed();
      const { store } = context();
      const second = newKey('c');
      await store.commit(replacing(order('o2'), second, first));
      const found = await store.keysNotUnder({ masterKeyVersion: 'v2', limit: 100 });
      expect(new Set(found.map(({ keyId }) => keyId))).toEqual(new Set([first.keyId, second.keyId]));
      const [one] = await store.keysNotUnder({ masterKeyVersion: 'v2', limit: 1 });
      expect(await store.keysNotUnder({ masterKeyVersion: 'v2', after: one, limit: 100 })).toHaveLength(1);
      await store.rewrapKeys(found.map((key) => ({ ...key, wrappedKey: 'bmV3', masterKeyVersion: 'v2' })));
      const { customer } = await store.readEvents({ aggregateType: 'Customer', aggregateId: 'c' });
      expect(customer?.keys.map(({ masterKeyVersion }) => masterKeyVersion)).toEqual(['v2', 'v2']);
      expect(await store.keysNotUnder({ masterKeyVersion: 'v2', limit: 100 })).toEqual([]);
    });

    it('is destroyed with the current one when the customer is erased', async () => {
      const first = await seed();
      const { store } = context();
      const second = newKey('c', 'v2');
      await store.commit(replacing(order('o2'), second, first));
      expect(await store.commit(erasing('c', 2))).toEqual(COMMITTED);
      expect((await store.readEvents({ aggregateType: 'Order', aggregateId: 'o' })).customer?.keys).toEqual([]);
      const all = JSON.stringify(await context().dump());
      const destroyed = [first.keyId, first.wrappedKey, second.keyId, second.wrappedKey];
      expect(destroyed.filter((text) => all.includes(text))).toEqual([]);
      expect(await store.commit(replacing(order('o3'), newKey('c', 'v3'), second))).toEqual(CONFLICT);
    });
  });

  describe('erasing a customer', () => {
    it('destroys every byte of the key', async () => {
      const { keyId, wrappedKey } = await seed();
      await context().store.commit(erasing('c', 2));
      expect(await load({ customerId: 'c' })).not.toHaveProperty('customerKey');
      expect((await load({ customerId: 'c' })).customer).toMatchObject({ erased: true, name: '[erased]' });
      const all = JSON.stringify(await context().dump());
      expect([keyId, wrappedKey].filter((text) => all.includes(text))).toEqual([]);
    });

    it('replaces the addresses in the orders of the customer, and in no others, with placeholders', async () => {
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

    it('replaces the carrier and the tracking number of shipped orders with placeholders', async () => {
      await seed();
      const { store } = context();
      const tracking = { carrier: 'UPS', trackingNumber: '1Z 999', shippedAt: '2026-03-03T08:00:00.000Z' };
      await store.commit(
        orderCommit({ orderId: 'o', customerId: 'c', version: 2, row: { status: 'shipped', tracking } }),
      );
      await store.commit(erasing('c', 2));
      const { order } = await load({ orderId: 'o' });
      expect(order?.tracking).toEqual({ ...tracking, ...ERASED_SHIPMENT });
    });

    it('keeps the version, the sums and the lines of an order', async () => {
      await seed();
      const { order: before } = await load({ orderId: 'o' });
      await context().store.commit(erasing('c', 2));
      const { order } = await load({ orderId: 'o' });
      expect(order).toEqual({ ...before, shippingAddress: ERASED_ADDRESS });
    });

    it.each([
      ['the old key', (commit: CommandCommit, key: CustomerKey) => encryptedWith(commit, key)],
      ['a new key', (commit: CommandCommit) => encryptedWithNew(commit, newKey('c'))],
    ])('makes a later commit that is encrypted with %s a conflict', async (_what, encrypt) => {
      const key = await seed();
      await context().store.commit(erasing('c', 2));
      const before = await context().dump();
      expect(await context().store.commit(encrypt(orderCommit({ orderId: 'o2', customerId: 'c' }), key))).toEqual(
        CONFLICT,
      );
      expect(await context().dump()).toEqual(before);
    });

    it('works for a customer without encrypted events', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      expect(await store.commit(erasing('c', 2))).toEqual(COMMITTED);
      expect((await load({ customerId: 'c' })).customer?.erased).toBe(true);
    });

    it('while orders are placed leaves no order with its address', async () => {
      const key = await seed();
      const { store, other } = context();
      const commits = Array.from({ length: 30 }, (_, index) =>
        encryptedWith(orderCommit({ orderId: `racing-${index}`, customerId: 'c' }), key),
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

  describe('rewrapping keys', () => {
    it('finds keys under other versions, up to the limit', async () => {
      const { store } = context();
      for (const [customerId, version] of [
        ['a', 'v1'],
        ['b', 'v2'],
        ['c', 'v1'],
        ['d', 'v3'],
      ] as const) {
        await store.commit(encryptedWithNew(customerCommit({ customerId }), newKey(customerId, version)));
      }
      await store.commit(erasing('d', 2));
      const find = (limit: number, after?: CustomerKey) => store.keysNotUnder({ masterKeyVersion: 'v2', after, limit });
      const ids = (keys: readonly CustomerKey[]) => keys.map(({ customerId }) => customerId);
      expect(ids(await find(100))).toEqual(['a', 'c']);
      const first = await find(1);
      const second = await find(1, first[0]);
      expect([ids(first), ids(second), await find(1, second[0])]).toEqual([['a'], ['c'], []]);
    });

    it('moves a key to another version and still accepts commits with the old wrapped key', async () => {
      const key = await seed();
      const { store, other } = context();
      const rewrapped = { ...key, wrappedKey: 'bmV3', masterKeyVersion: 'v2' };
      await other.rewrapKeys([rewrapped]);
      expect((await load({ customerId: 'c' })).customerKey).toEqual(stored(rewrapped));
      expect(await store.commit(encryptedWith(orderCommit({ orderId: 'o2', customerId: 'c' }), key))).toEqual(
        COMMITTED,
      );
      expect(await store.keysNotUnder({ masterKeyVersion: 'v2', limit: 100 })).toEqual([]);
    });

    it('does not restore a key that was destroyed meanwhile', async () => {
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
