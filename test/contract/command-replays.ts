import { describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { BusContext } from './command-bus-context.ts';

const ADDS_LINE: SentCommand = {
  type: 'AddItem',
  on: 'o1',
  data: { productId: 'lamp', quantity: 1 },
  commandId: 'key-1',
  as: { customer: 'ada' },
};

export function replayContract(context: () => BusContext): void {
  /** Drafts o1 and o2 of customer ada, and ADDS_LINE carried out on the first: version 2. */
  const given = async () => {
    const { send } = context();
    const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
    await send({ type: 'RegisterCustomer', data: ada });
    await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
    for (const orderId of ['o1', 'o2']) {
      await send({ type: 'CreateOrder', data: { orderId, customerId: 'ada', items: [], shippingAddress: ADDRESS } });
    }
    expect(await send(ADDS_LINE)).toEqual({ version: 2, replayed: false });
  };
  /** Sends what must have no effect. */
  const sendInVain = async (command: Parameters<BusContext['send']>[0]) => {
    const { send, tables } = context();
    const before = await tables();
    const answer = await send(command);
    expect(await tables()).toEqual(before);
    return answer;
  };

  describe('a command that comes again under its id', () => {
    it('gets the first answer', async () => {
      await given();
      expect(await sendInVain(ADDS_LINE)).toEqual({ version: 2, replayed: true });
    });

    it('gets the first answer when its keys come in another order, at another time', async () => {
      await given();
      const again = { ...ADDS_LINE, data: { quantity: 1, productId: 'lamp' }, at: '2026-02-01T00:00:00.000Z' };
      expect(await sendInVain(again)).toEqual({ version: 2, replayed: true });
    });

    it.each([1, 2, 7])('gets the first answer when it expects version %i now', async (expectedVersion) => {
      await given();
      expect(await sendInVain({ ...ADDS_LINE, expectedVersion })).toEqual({ version: 2, replayed: true });
    });

    it('gets the first answer when it would be refused by now', async () => {
      await given();
      await context().send({ type: 'CancelOrder', on: 'o1', data: { reason: 'no' } });
      expect(await sendInVain(ADDS_LINE)).toEqual({ version: 2, replayed: true });
    });
  });

  describe('an id that was used is refused', () => {
    it.each<[string, Partial<SentCommand>]>([
      ['for other data', { data: { productId: 'lamp', quantity: 2 } }],
      ['for another order', { on: 'o2' }],
      ['for another command', { type: 'RemoveItem', data: { productId: 'lamp' } }],
      ['by another user', { as: 'admin' }],
      ['by another customer', { as: { customer: 'eve' } }],
    ])('%s', async (_name, change) => {
      await given();
      expect(await sendInVain({ ...ADDS_LINE, ...change })).toEqual({ code: 'idempotency-key-reused' });
    });
  });

  it('an id whose command was refused is free: the command may come again once it is possible', async () => {
    await given();
    const tooMuch = { type: 'SubmitOrder', on: 'o2', commandId: 'key-2' };
    expect(await sendInVain(tooMuch)).toEqual({ code: 'empty-order' });
    await context().send({ ...ADDS_LINE, on: 'o2', commandId: 'key-3' });
    expect(await context().send(tooMuch)).toEqual({ version: 3, replayed: false });
  });
}
