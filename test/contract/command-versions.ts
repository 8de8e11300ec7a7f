import { beforeEach, describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { BusContext } from './command-bus-context.ts';

export function versionContract(context: () => BusContext): void {
  describe('a command with an expected version', () => {
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
    ])('on %s is accepted only at that version', async (_name, command) => {
      expect(await context().send({ ...command, expectedVersion: 2 })).toEqual({ code: 'version-mismatch' });
      expect(await context().send({ ...command, expectedVersion: 1 })).toEqual({ version: 2, replayed: false });
    });

    it('is accepted at any version when it expects only that the order exists', async () => {
      const command: SentCommand = { type: 'ChangeShippingAddress', on: 'o', data: ADDRESS };
      expect(await context().send({ ...command, expectedVersion: 'any' })).toEqual({ version: 2, replayed: false });
      expect(await context().send({ ...command, expectedVersion: 'any' })).toEqual({ version: 3, replayed: false });
    });

    it.each<[string, SentCommand, string]>([
      ['create a product', { type: 'AddProduct', data: { name: 'Desk', price: 1, stock: 1 } }, 'version-mismatch'],
      [
        'add a product twice',
        { type: 'AddProduct', on: 'lamp', data: { name: 'Lamp', price: 1, stock: 1 } },
        'product-exists',
      ],
      [
        'change an order that does not exist',
        { type: 'ChangeShippingAddress', on: 'x', data: ADDRESS },
        'order-not-found',
      ],
    ])('that requires any version cannot %s', async (_name, command, code) => {
      expect(await context().send({ ...command, expectedVersion: 'any' })).toEqual({ code });
    });

    it.each([0, 1])(
      "on another customer's order gets the same answer as on an order that does not exist: %i",
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
