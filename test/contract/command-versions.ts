import { beforeEach, describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { BusContext } from './command-bus-context.ts';

export function versionContract(context: () => BusContext): void {
  describe('a command that expects a version', () => {
    beforeEach(async () => {
      const { send } = context();
      const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
      await send({ type: 'RegisterCustomer', data: ada });
      await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
      await send({
        type: 'CreateOrder',
        data: { orderId: 'o', customerId: 'ada', items: [], shippingAddress: ADDRESS },
      });
    });

    it.each<[string, SentCommand]>([
      ['an order', { type: 'ChangeShippingAddress', on: 'o', data: ADDRESS }],
      ['a customer', { type: 'ChangeCreditLimit', on: 'ada', data: { creditLimit: 1 } }],
      ['a product', { type: 'ChangePrice', on: 'lamp', data: { price: 1 } }],
    ])('of %s is carried out on this version alone', async (_name, command) => {
      expect(await context().send({ ...command, expectedVersion: 2 })).toEqual({ code: 'version-mismatch' });
      expect(await context().send({ ...command, expectedVersion: 1 })).toEqual({ version: 2, replayed: false });
    });

    it.each([0, 1])(
      "of a stranger's order gets the same answer as for one that does not exist: %i",
      async (version) => {
        const asEve = {
          type: 'ChangeShippingAddress',
          data: ADDRESS,
          as: { customer: 'eve' },
          expectedVersion: version,
        };
        const strangers = await context().send({ ...asEve, on: 'o' });
        expect(strangers).toEqual(await context().send({ ...asEve, on: 'no-such-order' }));
      },
    );
  });
}
