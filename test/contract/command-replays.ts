import { describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import type { BusContext } from './command-bus-context.ts';

const ADD_LINE: SentCommand = {
  type: 'AddItem',
  on: 'o1',
  data: { productId: 'lamp', quantity: 1 },
  commandId: 'key-1',
  as: { customer: 'ada' },
};

export function replayContract(context: () => BusContext): void {
  /** Drafts o1 and o2 of customer ada, and ADD_LINE accepted on the first one: version 2. */
  const given = async () => {
    const { send } = context();
    const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
    await send({ type: 'RegisterCustomer', data: ada });
    await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock: 10 } });
    for (const orderId of ['o1', 'o2']) {
      await send({ type: 'CreateOrder', data: { orderId, customerId: 'ada', items: [], shippingAddress: ADDRESS } });
    }
    expect(await send(ADD_LINE)).toEqual({ version: 2, replayed: false });
  };
  /** Sends a command that must have no effect. */
  const sendWithoutEffect = async (command: Parameters<BusContext['send']>[0]) => {
    const { send, tables } = context();
    const before = await tables();
    const answer = await send(command);
    expect(await tables()).toEqual(before);
    return answer;
  };

  describe('a command sent again with the same id', () => {
    it('gets the first answer', async () => {
      await given();
      expect(await sendWithoutEffect(ADD_LINE)).toEqual({ version: 2, replayed: true });
    });

    it('gets the first answer even with its JSON keys in another order and at another time', async () => {
      await given();
      const again = { ...ADD_LINE, data: { quantity: 1, productId: 'lamp' }, at: '2026-02-01T00:00:00.000Z' };
      expect(await sendWithoutEffect(again)).toEqual({ version: 2, replayed: true });
    });

    it('gets the first answer even with the id of its new order in the envelope instead of the data', async () => {
      await given();
      const order = { customerId: 'ada', items: [], shippingAddress: ADDRESS };
      const create = { type: 'CreateOrder', commandId: 'key-2' };
      await context().send({ ...create, data: { ...order, orderId: 'o3' } });
      const again = { ...create, on: 'o3', data: order };
      expect(await sendWithoutEffect(again)).toEqual({ version: 1, replayed: true });
    });

    it.each([1, 2, 7])('gets the first answer even when it now expects version %i', async (expectedVersion) => {
      await given();
      expect(await sendWithoutEffect({ ...ADD_LINE, expectedVersion })).toEqual({ version: 2, replayed: true });
    });

    it('gets the first answer even when it would now be rejected', async () => {
      await given();
      await context().send({ type: 'CancelOrder', on: 'o1', data: { reason: 'no' } });
      expect(await sendWithoutEffect(ADD_LINE)).toEqual({ version: 2, replayed: true });
    });
  });

  describe('a used command id is rejected', () => {
    it.each<[string, Partial<SentCommand>]>([
      ['for other data', { data: { productId: 'lamp', quantity: 2 } }],
      ['for another order', { on: 'o2' }],
      ['for another command', { type: 'RemoveItem', data: { productId: 'lamp' } }],
    ])('%s', async (_name, change) => {
      await given();
      expect(await sendWithoutEffect({ ...ADD_LINE, ...change })).toEqual({ code: 'idempotency-key-reused' });
    });
  });

  describe('the same command id from another caller is another command', () => {
    it('which is executed', async () => {
      await given();
      expect(await context().send({ ...ADD_LINE, as: 'admin' })).toEqual({ version: 3, replayed: false });
      expect(await sendWithoutEffect({ ...ADD_LINE, as: 'admin' })).toEqual({ version: 3, replayed: true });
      expect(await sendWithoutEffect(ADD_LINE)).toEqual({ version: 2, replayed: true });
    });

    it("which does not reveal the first caller's answer", async () => {
      await given();
      expect(await sendWithoutEffect({ ...ADD_LINE, as: { customer: 'eve' } })).toEqual({ code: 'order-not-found' });
    });

    it('which has a causation id of its own', async () => {
      await given();
      await context().send({ ...ADD_LINE, as: 'admin' });
      const { Commands, Events } = await context().tables();
      expect(new Set(Commands.map(({ CommandId }) => CommandId)).size).toBe(Events.length);
    });
  });

  it('the id of a command may have 255 characters of any script', async () => {
    await given();
    const command = { ...ADD_LINE, on: 'o2', commandId: `${'x'.repeat(253)}😀` };
    expect(await context().send(command)).toEqual({ version: 2, replayed: false });
    expect(await sendWithoutEffect(command)).toEqual({ version: 2, replayed: true });
    expect(await context().send({ ...command, commandId: `${'x'.repeat(253)}😁` })).toEqual({
      version: 3,
      replayed: false,
    });
  });

  it('the id of a rejected command stays free: the command can be sent again once it is valid', async () => {
    await given();
    const tooEarly = { type: 'SubmitOrder', on: 'o2', commandId: 'key-2' };
    expect(await sendWithoutEffect(tooEarly)).toEqual({ code: 'empty-order' });
    await context().send({ ...ADD_LINE, on: 'o2', commandId: 'key-3' });
    expect(await context().send(tooEarly)).toEqual({ version: 3, replayed: false });
  });
}
