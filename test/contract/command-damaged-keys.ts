import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { BusContext } from './command-bus-context.ts';

/** Two lamps at 10 each. */
const PLACE_ORDER: SentCommand = {
  type: 'PlaceOrder',
  data: {
    orderId: 'o1',
    customerId: 'ada',
    items: [{ productId: 'lamp', quantity: 2 }],
    shippingAddress: ADDRESS,
  },
};

/** A customer's data key that cannot be unwrapped any more. */
export function damagedKeyContract(context: () => BusContext): void {
  describe('a customer whose data key is damaged', () => {
    const lines: unknown[] = [];
    beforeEach(async () => {
      vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(JSON.parse(line)));
      const { send } = context();
      const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
      await send({ type: 'RegisterCustomer', data: ada });
      await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
      await send(PLACE_ORDER);
    });
    afterEach(() => {
      vi.restoreAllMocks();
      lines.length = 0;
    });

    /** Damages the current key. */
    const damage = async () => {
      const { store } = context();
      const { customerKey } = await store.load({ commandId: 'x', customerId: 'ada', productIds: [] });
      if (customerKey === undefined) throw new Error('ada has no data key');
      const damaged = { customerId: 'ada', ...customerKey, wrappedKey: Buffer.alloc(40).toString('base64') };
      await store.rewrapKeys([damaged]);
      return damaged;
    };

    it('still gets commands accepted: a new key replaces the damaged one, which is kept and logged once', async () => {
      const { keyId, wrappedKey } = await damage();
      const { send, tables } = context();
      expect(await send({ type: 'ConfirmOrder', on: 'o1' })).toEqual({ version: 2, replayed: false });
      const reason = 'changed my mind';
      expect(await send({ type: 'CancelOrder', on: 'o1', data: { reason } })).toEqual({ version: 3, replayed: false });
      const { RetiredCustomerKeys } = await tables();
      expect(RetiredCustomerKeys).toMatchObject([{ CustomerId: 'ada', KeyId: keyId, WrappedKey: wrappedKey }]);
      expect(lines).toEqual([{ message: expect.stringContaining('is damaged'), customerId: 'ada', keyId }]);
    });

    it('can be erased, also when it needs a second person', async () => {
      await damage();
      const { send, tables } = context();
      const eraseBy = (admin: string): SentCommand => ({ type: 'EraseCustomer', on: 'ada', as: { admin } });
      expect(await send(eraseBy('first'))).toEqual({ version: 2, replayed: false });
      expect(await send(eraseBy('second'))).toEqual({ version: 3, replayed: false });
      const { CustomerKeys, RetiredCustomerKeys } = await tables();
      expect(CustomerKeys).toMatchObject([{ CustomerId: 'ada', KeyId: null, WrappedKey: null }]);
      expect(RetiredCustomerKeys).toEqual([]);
    });
  });
}
