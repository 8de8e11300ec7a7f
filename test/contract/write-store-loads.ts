import { describe, expect, it } from 'vitest';
import { customerCommit, orderCommit, placeOrderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

export function loadContract(context: () => StoreContext): void {
  describe('load', () => {
    it('finds nothing in an empty database', async () => {
      const { store } = context();
      const loaded = await store.load({ commandId: 'x', orderId: 'o', customerId: 'c', productIds: ['p'] });
      expect(loaded).toEqual({ products: [], syncLags: [] });
    });

    it('finds the record of a command', async () => {
      const { store } = context();
      const { command, ...rest } = customerCommit({ customerId: 'c' });
      await store.commit({ command, ...rest });
      const loaded = await store.load({ commandId: command.commandId, productIds: [] });
      const [event] = rest.events;
      expect(loaded.command).toEqual({
        payloadHash: command.payloadHash,
        result: command.result,
        eventId: event?.eventId,
      });
    });

    it('finds that the hub has refused an event of the aggregate that a command changed', async () => {
      const { store } = context();
      const [first, second] = [1, 2].map((version) => customerCommit({ customerId: 'c', version }));
      for (const commit of [first, second]) if (commit) await store.commit(commit);
      const eventIds = first?.events.map(({ eventId }) => eventId) ?? [];
      await store.recordRefusals({ eventIds, maxTries: 5, setAsideMs: 1 });
      const { command } = await store.load({ commandId: second?.command.commandId ?? '', productIds: [] });
      expect(command?.held).toBe(true);
    });

    it('finds the order as it was after a command, whatever has changed since', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      const placed = orderCommit({ orderId: 'o', customerId: 'c', total: 1_200 });
      await store.commit(placed);
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', total: 900, version: 2 }));
      const { command } = await store.load({ commandId: placed.command.commandId, productIds: [] });
      expect(command?.order).toEqual({ status: 'submitted', currency: 'USD', total: 1_200 });
    });

    it('finds a customer with the credit that orders use', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c', name: 'Ada', phone: '+1 555', creditLimit: 5_000 }));
      await store.commit(placeOrderCommit({ orderId: 'o', customerId: 'c', total: 1_200 }));
      const loaded = await store.load({ commandId: 'x', customerId: 'c', productIds: [] });
      expect(loaded.customer).toEqual({
        customerId: 'c',
        name: 'Ada',
        email: 'ada@example.com',
        phone: '+1 555',
        currency: 'USD',
        creditLimit: 5_000,
        erasureRequestedBy: null,
        creditUsed: 1_200,
        erased: false,
        version: 1,
      });
    });

    it('finds the requested products that exist, each once', async () => {
      const { store } = context();
      await store.commit(productCommit({ productId: 'p1', name: 'Teapot', price: 10, stock: 7 }));
      const loaded = await store.load({ commandId: 'x', productIds: ['p1', 'missing', 'p1'] });
      const teapot = { productId: 'p1', name: 'Teapot', price: 10, currency: 'USD', discontinued: false };
      expect(loaded).toEqual({ products: [{ ...teapot, available: 7, version: 1 }], syncLags: [] });
    });

    it('finds an order with its items in line order', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      await store.commit(productCommit({ productId: 'p1' }));
      await store.commit(productCommit({ productId: 'p2' }));
      const commit = orderCommit({
        orderId: 'o',
        customerId: 'c',
        lines: [
          ['p2', 1],
          ['p1', 2],
          ['p2', 3],
        ],
      });
      await store.commit(commit);
      const loaded = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(loaded.order).toEqual(commit.order);
    });

    it('finds an order without a country', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      const address = { street: 's', city: 'c', state: 'st', zip: 'z' };
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c', address }));
      const loaded = await store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(loaded.order?.shippingAddress).toEqual(address);
    });

    it('finds the customer and the products through the order', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c' }));
      for (const productId of ['p1', 'p2', 'p3']) await store.commit(productCommit({ productId }));
      await store.commit(
        orderCommit({
          orderId: 'o',
          customerId: 'c',
          lines: [
            ['p1', 1],
            ['p3', 1],
          ],
        }),
      );
      const loaded = await store.load({ commandId: 'x', orderId: 'o', productIds: ['p2'] });
      expect([loaded.customer?.customerId, ...loaded.products.map(({ productId }) => productId).sort()]).toEqual([
        'c',
        'p1',
        'p2',
        'p3',
      ]);
    });

    it('finds the requested customer rather than the customer of the order', async () => {
      const { store } = context();
      await store.commit(customerCommit({ customerId: 'c1' }));
      await store.commit(customerCommit({ customerId: 'c2' }));
      await store.commit(orderCommit({ orderId: 'o', customerId: 'c1' }));
      const loaded = await store.load({ commandId: 'x', orderId: 'o', customerId: 'c2', productIds: [] });
      expect(loaded.customer?.customerId).toBe('c2');
    });
  });

  describe('ping', () => {
    it('resolves while the database answers', async () => {
      await expect(context().store.ping()).resolves.toBeUndefined();
    });
  });
}
