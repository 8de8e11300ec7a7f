import { describe, expect, it } from 'vitest';
import { customerCommit, orderCommit, placeOrderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

export function productContract(context: () => StoreContext): void {
  const given = async () => {
    const { store } = context();
    await store.commit(customerCommit({ customerId: 'c' }));
    await store.commit(productCommit({ productId: 'p', stock: 10 }));
    await store.commit(placeOrderCommit({ orderId: 'o', customerId: 'c', lines: [['p', 2]] }));
  };
  const discontinue = () =>
    context().store.commit({ ...productCommit({ productId: 'p', discontinued: true, version: 2 }), stock: [] });
  const load = (orderId = 'o') => context().store.load({ commandId: 'x', orderId, productIds: ['p'] });

  describe('a discontinued product', () => {
    it('is loaded as one', async () => {
      await given();
      expect((await load()).products).toMatchObject([{ discontinued: false }]);
      await discontinue();
      expect((await load()).products).toMatchObject([{ productId: 'p', discontinued: true, version: 2 }]);
    });

    it('refuses an order that takes units of it, which writes nothing', async () => {
      const { store, dump } = context();
      await given();
      await discontinue();
      const before = await dump();
      const order = placeOrderCommit({ orderId: 'o2', customerId: 'c', lines: [['p', 1]] });
      expect(await store.commit(order)).toEqual({ outcome: 'refused', constraint: 'discontinued' });
      expect(await dump()).toEqual(before);
    });

    it('takes back the units of an order, and loses those that a stocktaking removes', async () => {
      const { store } = context();
      await given();
      await discontinue();
      const cancelled = orderCommit({ orderId: 'o', customerId: 'c', version: 2, row: { status: 'cancelled' } });
      const released = { ...cancelled, stock: [{ productId: 'p', delta: 2 }] };
      expect(await store.commit(released)).toEqual({ outcome: 'committed' });
      const counted = productCommit({ productId: 'p', discontinued: true, version: 3 });
      const removed = { ...counted, stock: [{ productId: 'p', delta: -4 }] };
      expect(await store.commit(removed)).toEqual({ outcome: 'committed' });
      expect((await load()).products).toMatchObject([{ available: 6 }]);
    });
  });

  describe('the product names of an order', () => {
    it('are loaded as its newest event has them, whatever the products are called now', async () => {
      await given();
      await context().store.commit({ ...productCommit({ productId: 'p', name: 'Kettle', version: 2 }), stock: [] });
      const { lineNames, products } = await load();
      expect([lineNames, products[0]?.name]).toEqual([new Map([[1, 'Teapot']]), 'Kettle']);
    });

    it('are not loaded for a draft', async () => {
      await given();
      const row = { status: 'draft' as const, placedAt: null };
      await context().store.commit(orderCommit({ orderId: 'd', customerId: 'c', lines: [['p', 1]], row }));
      expect((await load('d')).lineNames).toBeUndefined();
    });
  });
}
