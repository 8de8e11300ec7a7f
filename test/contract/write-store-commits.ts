import { describe, expect, it } from 'vitest';
import type { CommandCommit, CommitOutcome } from '../../src/commands/write-store/write-store.ts';
import {
  customerCommit,
  orderCommit,
  placeOrderCommit,
  productCommit,
  withCommandId,
} from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

/** Customer `c` (credit 1,000), product `p` (10 units at 100) and order `o` of two of them, at version 1. */
async function seed({ store }: StoreContext): Promise<void> {
  await store.commit(customerCommit({ customerId: 'c', creditLimit: 1_000 }));
  await store.commit(productCommit({ productId: 'p', stock: 10 }));
  await store.commit(placeOrderCommit({ orderId: 'o', customerId: 'c', lines: [['p', 2]] }));
}

/** Makes a commit that must have no effect, expects all tables to be unchanged, and returns the outcome. */
async function commitWithoutEffect({ store, dump }: StoreContext, commit: CommandCommit): Promise<CommitOutcome> {
  const before = await dump();
  const outcome = await store.commit(commit);
  expect(await dump()).toEqual(before);
  return outcome;
}

/** Expects a commit to throw and to leave all tables unchanged. */
async function expectCommitToThrow({ store, dump }: StoreContext, commit: CommandCommit): Promise<void> {
  const before = await dump();
  await expect(store.commit(commit)).rejects.toThrow();
  expect(await dump()).toEqual(before);
}

const REFUSED_STOCK = { outcome: 'refused', constraint: 'stock' };
const REFUSED_CREDIT = { outcome: 'refused', constraint: 'credit' };

export function commitContract(context: () => StoreContext): void {
  describe('commit', () => {
    it('reserves stock and credit with the order', async () => {
      await seed(context());
      const { customer, products } = await context().store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect([customer?.creditUsed, products[0]?.available]).toEqual([200, 8]);
    });

    it('releases stock and credit', async () => {
      const { store } = context();
      await seed(context());
      const cancelled = orderCommit({
        orderId: 'o',
        customerId: 'c',
        lines: [['p', 2]],
        row: { status: 'cancelled' },
        version: 2,
      });
      const stock = [{ productId: 'p', delta: 2 }];
      await store.commit({ ...cancelled, stock, credit: { customerId: 'c', delta: -200 } });
      const { customer, products } = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect([customer?.creditUsed, products[0]?.available]).toEqual([0, 10]);
    });

    it('replaces an order and its items', async () => {
      const { store } = context();
      await seed(context());
      await store.commit(productCommit({ productId: 'q' }));
      const changed = orderCommit({
        orderId: 'o',
        customerId: 'c',
        lines: [
          ['q', 1],
          ['p', 2],
          ['q', 5],
        ],
        row: { status: 'confirmed', confirmedAt: '2026-03-02T08:00:00.000Z' },
        version: 2,
      });
      expect(await store.commit(changed)).toEqual({ outcome: 'committed' });
      const loaded = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(loaded.order).toEqual(changed.order);
    });

    it('removes items that a replaced order no longer has', async () => {
      const { store } = context();
      await seed(context());
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', lines: [], version: 2 }));
      const loaded = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(loaded.order?.items).toEqual([]);
    });

    it('accepts several events at a time, for a new and for an existing order', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', from: 0, version: 2 }));
      expect(await store.commit(orderCommit({ orderId: 'o', customerId: 'c', from: 2, version: 4 }))).toEqual({
        outcome: 'committed',
      });
    });

    it("keeps the used credit when the customer's own fields change", async () => {
      const { store } = context();
      await seed(context());
      await store.commit(customerCommit({ customerId: 'c', name: 'Grace', creditLimit: 5_000, version: 2 }));
      const { customer } = await store.load({ commandId: 'x', customerId: 'c', productIds: [] });
      expect(customer).toMatchObject({ name: 'Grace', creditLimit: 5_000, creditUsed: 200, version: 2 });
    });

    it('keeps the request for the erasure of a customer', async () => {
      const { store } = context();
      const erasureRequestedBy = 'a'.repeat(64);
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(customerCommit({ customerId: 'c', erasureRequestedBy, version: 2 }));
      const { customer } = await store.load({ commandId: 'x', customerId: 'c', productIds: [] });
      expect(customer).toMatchObject({ erasureRequestedBy, version: 2 });
    });

    it("keeps the stock when the product's own fields change", async () => {
      const { store } = context();
      await seed(context());
      await store.commit(productCommit({ productId: 'p', price: 5, version: 2 }));
      const { products } = await store.load({ commandId: 'x', productIds: ['p'] });
      expect(products).toMatchObject([{ price: 5, available: 8, version: 2 }]);
    });
  });

  describe('a stale commit is a conflict and writes nothing', () => {
    it('when its version already exists', async () => {
      await seed(context());
      const stale = placeOrderCommit({ orderId: 'o', customerId: 'c', lines: [['p', 1]] });
      expect(await commitWithoutEffect(context(), stale)).toEqual({ outcome: 'conflict' });
    });

    it.each([
      ['an order', orderCommit({ orderId: 'o', customerId: 'c', version: 7 })],
      ['a customer', customerCommit({ customerId: 'c', version: 7 })],
      ['a product', productCommit({ productId: 'p', version: 7 })],
    ])('when the previous version does not exist: %s', async (_, commit) => {
      await seed(context());
      expect(await commitWithoutEffect(context(), commit)).toEqual({ outcome: 'conflict' });
    });
  });

  describe('a command that is already committed is a duplicate and writes nothing', () => {
    it('when it is the same commit', async () => {
      const { store } = context();
      const commit = customerCommit({ customerId: 'c' });
      await store.commit(commit);
      expect(await commitWithoutEffect(context(), commit)).toEqual({ outcome: 'duplicate' });
    });

    it('when the rest of the commit would succeed', async () => {
      const { store } = context();
      const first = customerCommit({ customerId: 'c1' });
      await store.commit(first);
      const second = withCommandId(customerCommit({ customerId: 'c2' }), first.command.commandId);
      expect(await commitWithoutEffect(context(), second)).toEqual({ outcome: 'duplicate' });
    });
  });

  describe('a commit that would oversell or overspend is refused and writes nothing', () => {
    it('for stock', async () => {
      await seed(context());
      const commit = placeOrderCommit({ orderId: 'o2', customerId: 'c', lines: [['p', 9]], total: 1 });
      expect(await commitWithoutEffect(context(), commit)).toEqual(REFUSED_STOCK);
    });

    it('for the stock of the last of many products', async () => {
      const { store } = context();
      await seed(context());
      for (const productId of ['a', 'b']) await store.commit(productCommit({ productId, stock: 100 }));
      const lines = [
        ['a', 1],
        ['b', 1],
        ['p', 9],
      ] as const;
      const commit = placeOrderCommit({ orderId: 'o2', customerId: 'c', lines, total: 1 });
      expect(await commitWithoutEffect(context(), commit)).toEqual(REFUSED_STOCK);
    });

    it('for credit', async () => {
      await seed(context());
      const commit = placeOrderCommit({ orderId: 'o2', customerId: 'c', total: 801 });
      expect(await commitWithoutEffect(context(), commit)).toEqual(REFUSED_CREDIT);
    });

    it('for a credit limit below the credit in use', async () => {
      await seed(context());
      const commit = customerCommit({ customerId: 'c', creditLimit: 199, version: 2 });
      expect(await commitWithoutEffect(context(), commit)).toEqual(REFUSED_CREDIT);
    });

    it('unless it uses exactly the last unit and the last cent', async () => {
      await seed(context());
      const commit = placeOrderCommit({ orderId: 'o2', customerId: 'c', lines: [['p', 8]], total: 800 });
      expect(await context().store.commit(commit)).toEqual({ outcome: 'committed' });
    });
  });

  describe('a commit with several faults', () => {
    const tooMuch = { lines: [['p', 100]] as const, total: 9_999 };

    it('is a duplicate rather than a conflict or a refusal', async () => {
      await seed(context());
      const first = customerCommit({ customerId: 'c2' });
      await context().store.commit(first);
      const stale = placeOrderCommit({ orderId: 'o', customerId: 'c', ...tooMuch });
      const outcome = await commitWithoutEffect(context(), withCommandId(stale, first.command.commandId));
      expect(outcome).toEqual({ outcome: 'duplicate' });
    });

    it('is a conflict rather than a refusal', async () => {
      await seed(context());
      const stale = placeOrderCommit({ orderId: 'o', customerId: 'c', ...tooMuch });
      expect(await commitWithoutEffect(context(), stale)).toEqual({ outcome: 'conflict' });
    });
  });

  describe('an invalid commit throws and writes nothing', () => {
    it.each([
      ['stock of an unknown product', { stock: [{ productId: 'missing', delta: 1 }] }],
      [
        'stock of a known and an unknown product',
        {
          stock: [
            { productId: 'missing', delta: 1 },
            { productId: 'p', delta: 1 },
          ],
        },
      ],
      ['credit of an unknown customer', { credit: { customerId: 'missing', delta: 1 } }],
      ['more credit released than is used', { credit: { customerId: 'c', delta: -201 } }],
    ])('for %s', async (_, parts) => {
      await seed(context());
      await expectCommitToThrow(context(), { ...orderCommit({ orderId: 'o2', customerId: 'c' }), ...parts });
    });

    it('for an order of an unknown customer', async () => {
      await expectCommitToThrow(context(), orderCommit({ orderId: 'o', customerId: 'missing' }));
    });

    it('for a line of an unknown product', async () => {
      await seed(context());
      await expectCommitToThrow(context(), orderCommit({ orderId: 'o2', customerId: 'c', lines: [['missing', 1]] }));
    });

    it('for an event id that another event has', async () => {
      await seed(context());
      const commit = customerCommit({ customerId: 'c2' });
      await context().store.commit(commit);
      const reused = orderCommit({ orderId: 'o2', customerId: 'c' });
      const eventId = commit.events[0]?.eventId ?? '';
      await expectCommitToThrow(context(), {
        ...reused,
        events: reused.events.map((event) => ({ ...event, eventId })),
      });
    });
  });
}
