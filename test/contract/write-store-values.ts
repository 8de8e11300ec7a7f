import { describe, expect, it } from 'vitest';
import type { OrderRow } from '../../src/commands/write-store/write-store.ts';
import { ADDRESS, customerCommit, orderCommit, placeOrderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const NASTY_TEXT = `O'Brien "Björn" \\ 李小龍 👩‍👩‍👧 ; DROP TABLE Orders; -- %_[] {"a":1}`;
const CONFIRMED_AT = '2026-03-02T08:00:00.000Z';
const TRACKING = { carrier: 'UPS', trackingNumber: '1Z 999', shippedAt: '2026-03-03T08:00:00.000Z' };
const CLAIM = { owner: 'a', leaseMs: 60_000, olderThanMs: 0, limit: 100, maxCharacters: 1_000_000 };

export function valueContract(context: () => StoreContext): void {
  describe('storing values', () => {
    it('distinguishes ids that differ only in case, in accents or in Unicode composition', async () => {
      const { store } = context();
      const ids = ['jose', 'Jose', 'josé', 'jose\u0301', 'ＪＯＳＥ', 'jоse'];
      for (const customerId of ids) await store.commit(customerCommit({ customerId, name: `name of ${customerId}` }));
      const names = ids.map(async (customerId) => {
        const { customer } = await store.load({ commandId: 'x', customerId, productIds: [] });
        return customer?.name;
      });
      expect(await Promise.all(names)).toEqual(ids.map((id) => `name of ${id}`));
    });

    it('keeps quotes, any Unicode and text that looks like SQL or JSON', async () => {
      const { store } = context();
      const address = { ...ADDRESS, street: NASTY_TEXT };
      await store.commit(customerCommit({ customerId: "c'1", name: NASTY_TEXT }));
      await store.commit(orderCommit({ orderId: 'o"1', customerId: "c'1", address }));
      const { customer, order } = await store.load({ commandId: 'x', orderId: 'o"1', productIds: [] });
      expect([customer?.name, order?.shippingAddress?.street]).toEqual([NASTY_TEXT, NASTY_TEXT]);
    });

    it.each<[string, Partial<OrderRow>]>([
      ['a draft without an address and a date', { status: 'draft', shippingAddress: null, placedAt: null }],
      ['a confirmed order', { status: 'confirmed', confirmedAt: CONFIRMED_AT }],
      ['a shipped order', { status: 'shipped', confirmedAt: CONFIRMED_AT, tracking: TRACKING }],
      [
        'a delivered order',
        { status: 'delivered', confirmedAt: CONFIRMED_AT, tracking: { ...TRACKING, deliveredAt: CONFIRMED_AT } },
      ],
    ])('keeps %s unchanged', async (_name, row) => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c' }));
      const commit = orderCommit({ orderId: 'o', customerId: 'c', version: 2, row });
      expect(await store.commit(commit)).toEqual({ outcome: 'committed' });
      const { order } = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(order).toEqual(commit.order);
    });

    it('keeps the highest line that an order ever had once the line is removed', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(productCommit({ productId: 'p' }));
      const lines = [['p', 1]] as const;
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', lines, row: { lastLine: 2 } }));
      const load = async () => (await store.load({ commandId: 'x', orderId: 'o', productIds: [] })).order?.lastLine;
      expect(await load()).toBe(2);
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', version: 2, row: { lastLine: 3 } }));
      expect(await load()).toBe(3);
    });

    it('keeps amounts up to 9e15 exact', async () => {
      const { store } = context();
      const limit = Number.MAX_SAFE_INTEGER;
      await store.commit(customerCommit({ customerId: 'c', creditLimit: limit }));
      await store.commit(productCommit({ productId: 'p', price: limit - 1, stock: limit - 2 }));
      await store.commit(placeOrderCommit({ orderId: 'o', customerId: 'c', total: limit - 3 }));
      const { customer, order, products } = await store.load({ commandId: 'x', orderId: 'o', productIds: ['p'] });
      expect([
        customer?.creditLimit,
        products[0]?.price,
        products[0]?.available,
        order?.total,
        customer?.creditUsed,
      ]).toEqual([limit, limit - 1, limit - 2, limit - 3, limit - 3]);
    });

    it('reduces the stock of a product by the sum of its lines', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(productCommit({ productId: 'p', stock: 10 }));
      await store.commit(
        placeOrderCommit({
          orderId: 'o',
          customerId: 'c',
          lines: [
            ['p', 1],
            ['p', 2],
            ['p', 3],
          ],
        }),
      );
      const { products } = await store.load({ commandId: 'x', productIds: ['p'] });
      expect(products[0]?.available).toBe(4);
    });

    it('accepts an order of 500 lines', async () => {
      const { store } = context();
      const productIds = Array.from({ length: 500 }, (_, index) => `p${index}`);
      await store.commit(customerCommit({ customerId: 'c' }));
      await Promise.all(productIds.map((productId) => store.commit(productCommit({ productId, stock: 1 }))));
      const lines = productIds.map((productId) => [productId, 1] as const);
      const commit = placeOrderCommit({ orderId: 'o', customerId: 'c', lines });
      await store.commit(commit);
      const { order, products } = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      const available = products.reduce((sum, product) => sum + product.available, 0);
      expect({ order, available }).toEqual({ order: commit.order, available: 0 });
    });

    it('keeps events byte for byte', async () => {
      const { store } = context();
      const commit = customerCommit({ customerId: NASTY_TEXT.slice(0, 20), name: NASTY_TEXT });
      await store.commit(commit);
      const [event] = await store.claim(CLAIM);
      const [committed] = commit.events;
      expect(event).toEqual({
        eventId: committed?.eventId,
        aggregateType: 'Customer',
        aggregateId: NASTY_TEXT.slice(0, 20),
        version: 1,
        body: committed?.body,
      });
    });
  });
}
