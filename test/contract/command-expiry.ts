import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { type BusContext, tally } from './command-bus-context.ts';

const SUBMITTED_AT = '2026-01-15T10:30:00.000Z';

const expire = (orderId: string): SentCommand => ({
  type: 'ExpireOrder',
  on: orderId,
  commandId: `expire ${orderId}`,
  data: { submittedAt: SUBMITTED_AT },
});

export function expiryContract(context: () => BusContext): void {
  /** Orders of two lamps at 10 each: as many as given. */
  const givenOrders = async (count: number) => {
    const { send } = context();
    const customer = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
    await send({ type: 'RegisterCustomer', data: customer });
    await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 40 } });
    const ids = Array.from({ length: count }, (_, index) => `o${index}`);
    for (const orderId of ids) {
      const items = [{ productId: 'lamp', quantity: 2 }];
      await send({ type: 'PlaceOrder', data: { orderId, customerId: 'ada', items, shippingAddress: ADDRESS } });
    }
    return ids;
  };
  const balance = async () => {
    const { customer, products } = await context().store.load({
      commandId: randomUUID(),
      customerId: 'ada',
      productIds: ['lamp'],
    });
    return { available: products[0]?.available, creditUsed: customer?.creditUsed };
  };

  describe('an order that expires', () => {
    it('and is confirmed at the same time is either cancelled or confirmed, and only the cancelled ones return stock and credit', async () => {
      const ids = await givenOrders(12);
      const commands = ids.flatMap((on): readonly SentCommand[] => [expire(on), { type: 'ConfirmOrder', on }]);
      const answers = await context().sendConcurrently(commands);
      expect(tally(answers)).toEqual({ accepted: 12, 'invalid-transition': 12 });
      const expired = answers.filter((answer, index) => index % 2 === 0 && !('code' in answer)).length;
      expect(await balance()).toEqual({ available: 16 + 2 * expired, creditUsed: (12 - expired) * 2_000 });
    });

    it('in several processes at once is cancelled once', async () => {
      const [orderId = ''] = await givenOrders(1);
      const answers = await context().sendConcurrently(Array.from({ length: 20 }, () => expire(orderId)));
      expect(tally(answers)).toEqual({ accepted: 1, replayed: 19 });
      expect(await balance()).toEqual({ available: 40, creditUsed: 0 });
    });
  });
}
