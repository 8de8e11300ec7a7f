import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../src/shared/events/decode.ts';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { type BusContext, tally } from './command-bus-context.ts';

export function productCommandContract(context: () => BusContext): void {
  const ORDER = { customerId: 'ada', items: [{ productId: 'lamp', quantity: 1 }], shippingAddress: ADDRESS };
  const given = async () => {
    const { send } = context();
    const customer = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
    await send({ type: 'RegisterCustomer', data: customer });
    await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 100 } });
  };
  const discontinue: SentCommand = { type: 'DiscontinueProduct', on: 'lamp', data: { reason: 'No longer made' } };

  /** The name of the first line's product in each event of an order. */
  const namesOf = async (orderId: string) => {
    const { bodies } = await context().store.readEvents({ aggregateType: 'Order', aggregateId: orderId });
    return bodies.map((body) => {
      const decoded = decodeEvent(body, () => 'destroyed');
      return decoded.kind === 'event' && decoded.event.aggregateType === 'Order'
        ? decoded.event.order.items[0]?.productName
        : decoded;
    });
  };

  describe('a product that is discontinued while 40 orders for it are placed', () => {
    it('is in the orders that came first, and every later one is rejected', async () => {
      await given();
      const orders = Array.from({ length: 40 }, (): SentCommand => ({ type: 'PlaceOrder', data: ORDER }));
      const answers = await context().sendConcurrently([...orders.slice(0, 20), discontinue, ...orders.slice(20)]);
      const { accepted = 0, 'product-discontinued': rejected = 0 } = tally(answers);
      expect([accepted + rejected, answers[20]]).toEqual([41, { version: 2, replayed: false }]);
      expect(await context().send({ type: 'PlaceOrder', data: ORDER })).toEqual({ code: 'product-discontinued' });
    });
  });

  describe('a product that is renamed', () => {
    it('keeps its former name in a submitted order, and has the new one in a draft', async () => {
      const { send } = context();
      await given();
      await send({ type: 'PlaceOrder', data: { orderId: 'placed', ...ORDER } });
      await send({ type: 'CreateOrder', data: { orderId: 'draft', ...ORDER } });
      await send({ type: 'RenameProduct', on: 'lamp', data: { name: 'Desk lamp' } });
      await send({ type: 'ConfirmOrder', on: 'placed' });
      await send({ type: 'SubmitOrder', on: 'draft' });
      await send({ type: 'RenameProduct', on: 'lamp', data: { name: 'Floor lamp' } });
      await send({ type: 'ConfirmOrder', on: 'draft' });
      await send({ type: 'CancelOrder', on: 'draft', data: { reason: 'no' } });
      expect(await namesOf('placed')).toEqual(['Lamp', 'Lamp']);
      expect(await namesOf('draft')).toEqual(['Lamp', 'Desk lamp', 'Desk lamp', 'Desk lamp']);
    });
  });
}
