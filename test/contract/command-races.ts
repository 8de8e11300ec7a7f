import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../../src/commands/write-store/outbox.ts';
import { envelopeOf, openCommandBus, type SentCommand } from '../support/commands/command-bus.ts';
import { ADDRESS } from '../support/commands/commits.ts';
import { acceptedVersions, type BusContext, tally } from './command-bus-context.ts';

const times = (count: number, command: (index: number) => SentCommand): readonly SentCommand[] =>
  Array.from({ length: count }, (_, index) => command(index));

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** An order of lamps at 10 each, one by default. */
const placeOrder = (fields: { readonly orderId?: string; readonly quantity?: number } = {}): SentCommand => ({
  type: 'PlaceOrder',
  data: {
    orderId: fields.orderId ?? randomUUID(),
    customerId: 'ada',
    items: [{ productId: 'lamp', quantity: fields.quantity ?? 1 }],
    shippingAddress: ADDRESS,
  },
});

/** Commands on one draft. Most of them change it; the last ones submit, confirm and cancel it. */
const ON_DRAFT: readonly SentCommand[] = [
  ...times(196, (index) =>
    index % 2 === 0
      ? { type: 'ChangeShippingAddress', on: 'o', data: ADDRESS }
      : { type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 1 } },
  ),
  { type: 'SubmitOrder', on: 'o' },
  { type: 'SubmitOrder', on: 'o' },
  { type: 'ConfirmOrder', on: 'o' },
  { type: 'CancelOrder', on: 'o', data: { reason: 'changed my mind' } },
];

export function raceContract(context: () => BusContext): void {
  const given = async (fields: { readonly stock?: number; readonly creditLimit?: number } = {}) => {
    const { stock = 1_000, creditLimit = 1_000_000 } = fields;
    const { send } = context();
    await send({
      type: 'RegisterCustomer',
      data: { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit },
    });
    await send({ type: 'AddProduct', data: { productId: 'lamp', name: 'Lamp', price: 10, stock } });
  };
  const givenDraft = async () => {
    await given();
    const items = [{ productId: 'lamp', quantity: 1 }];
    const draft = { orderId: 'o', customerId: 'ada', items, shippingAddress: ADDRESS };
    await context().send({ type: 'CreateOrder', data: draft });
  };

  describe('10 concurrent commands on one order', () => {
    it('are all accepted, one after the other', async () => {
      await givenDraft();
      const commands = times(10, () => ({ type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 1 } }));
      expect(acceptedVersions(await context().sendPatiently(commands))).toEqual(upTo(11).slice(1));
    });

    it('that expect the same version: one is accepted, the others get version-mismatch', async () => {
      await givenDraft();
      const commands = times(10, () => ({ type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 1 } }));
      const answers = await context().sendConcurrently(commands.map((command) => ({ ...command, expectedVersion: 1 })));
      expect(tally(answers)).toEqual({ accepted: 1, 'version-mismatch': 9 });
    });

    it('that confirm it: one is accepted, the others get invalid-transition', async () => {
      await given();
      await context().send(placeOrder({ orderId: 'o' }));
      const answers = await context().sendConcurrently(times(10, () => ({ type: 'ConfirmOrder', on: 'o' })));
      expect(tally(answers)).toEqual({ accepted: 1, 'invalid-transition': 9 });
    });

    it('that create it: one is accepted, the others get order-exists', async () => {
      await given();
      const answers = await context().sendConcurrently(times(10, () => placeOrder({ orderId: 'o' })));
      expect(tally(answers)).toEqual({ accepted: 1, 'order-exists': 9 });
    });
  });

  describe('200 concurrent commands of different types on one order', () => {
    beforeEach(givenDraft);

    it('create one version each, or are rejected with the reason', async () => {
      const answers = await context().sendConcurrently(ON_DRAFT);
      const accepted = acceptedVersions(answers);
      expect(accepted).toEqual(upTo(accepted.length + 1).slice(1));
      const others = Object.keys(tally(answers)).filter((kind) => kind !== 'accepted');
      expect(['concurrent-update', 'invalid-transition']).toEqual(expect.arrayContaining(others));
    });

    it('never create a version twice when half of them expect a version', async () => {
      const commands = ON_DRAFT.map((command, index) =>
        index % 4 < 2 ? command : { ...command, expectedVersion: 1 + (index % 3) },
      );
      const answers = await context().sendConcurrently(commands);
      const accepted = acceptedVersions(answers);
      expect(accepted).toEqual(upTo(accepted.length + 1).slice(1));
      const others = Object.keys(tally(answers)).filter((kind) => kind !== 'accepted');
      expect(['concurrent-update', 'invalid-transition', 'version-mismatch']).toEqual(expect.arrayContaining(others));
    });
  });

  describe('200 concurrent orders', () => {
    it('for the last 30 units: 30 are accepted', async () => {
      await given({ stock: 30 });
      const answers = await context().sendConcurrently(times(200, () => placeOrder()));
      expect(tally(answers)).toEqual({ accepted: 30, 'insufficient-stock': 170 });
    });

    it('with credit for 30 of them: 30 are accepted', async () => {
      await given({ creditLimit: 309.99 });
      const answers = await context().sendConcurrently(times(200, () => placeOrder()));
      expect(tally(answers)).toEqual({ accepted: 30, 'credit-limit-exceeded': 170 });
    });

    it('never oversell while 50 cancellations release units to 150 new orders', async () => {
      await given({ stock: 50 });
      const held = times(50, (index) => placeOrder({ orderId: `held-${index}` }));
      await context().sendConcurrently(held);
      const cancels = times(50, (index) => ({ type: 'CancelOrder', on: `held-${index}`, data: { reason: 'no' } }));
      const answers = await context().sendConcurrently([...times(150, () => placeOrder()), ...cancels]);
      expect(tally(answers.slice(150))).toEqual({ accepted: 50 });
      expect(acceptedVersions(answers.slice(0, 150)).length).toBeLessThanOrEqual(50);
    });
  });

  describe('a command whose commit succeeds, but is reported as a duplicate, because the connection broke and it was sent again', () => {
    /** Sends the command, and returns the answer and the aggregates and versions of the published events. */
    const sendOverBrokenConnection = async (command: SentCommand) => {
      const { store } = context();
      const published: OutboxEvent[] = [];
      const commit: typeof store.commit = async (request) => {
        expect(await store.commit(request)).toMatchObject({ outcome: 'committed' });
        return { outcome: 'duplicate' };
      };
      const { dispatch } = openCommandBus({ load: (request) => store.load(request), commit }, (events) =>
        published.push(...events),
      );
      const answer = await dispatch(envelopeOf(command));
      return { answer, published: published.map(({ aggregateId, version }) => `${aggregateId}/${version}`) };
    };

    it('is answered as accepted, not as replayed, and published', async () => {
      await given();
      const { answer, published } = await sendOverBrokenConnection(placeOrder({ orderId: 'o' }));
      expect(answer).toMatchObject({ replayed: false, result: { version: 1 }, order: { status: 'submitted' } });
      expect(published).toEqual(['o/1']);
    });

    it('is left to the outbox relay when the hub has refused an earlier event of the aggregate', async () => {
      await given();
      const { store, tables } = context();
      await context().send(placeOrder({ orderId: 'o' }));
      const placed = (await tables()).Events.find(({ AggregateId }) => AggregateId === 'o');
      await store.recordRefusals({ eventIds: [String(placed?.EventId)], maxTries: 5, setAsideMs: 1 });
      const { answer, published } = await sendOverBrokenConnection({ type: 'ConfirmOrder', on: 'o' });
      expect(answer).toMatchObject({ replayed: false, result: { version: 2 } });
      expect(published).toEqual([]);
    });
  });

  describe('the same command sent 20 times concurrently', () => {
    it.each<[string, SentCommand]>([
      ['a new order', placeOrder({ orderId: 'new' })],
      ['another line', { type: 'AddItem', on: 'o', data: { productId: 'lamp', quantity: 1 } }],
      ['more stock', { type: 'AdjustStock', on: 'lamp', data: { delta: 5, reason: 'delivery' } }],
      ['another credit limit', { type: 'ChangeCreditLimit', on: 'ada', data: { creditLimit: 500 } }],
    ])('is accepted once and answered 20 times: %s', async (_name, command) => {
      await givenDraft();
      const commandId = randomUUID();
      const answers = await context().sendConcurrently(times(20, () => ({ ...command, commandId })));
      expect(tally(answers)).toEqual({ accepted: 1, replayed: 19 });
      expect(new Set(answers.map((answer) => ('code' in answer ? answer.code : answer.version))).size).toBe(1);
    });

    it('is accepted once, even among seven other repeated commands on the same order', async () => {
      await givenDraft();
      const commandIds = Array.from({ length: 8 }, () => randomUUID());
      const commands = times(160, (index) => ({
        type: 'AddItem',
        on: 'o',
        data: { productId: 'lamp', quantity: 1 },
        commandId: commandIds[index % 8] ?? '',
      }));
      expect(tally(await context().sendConcurrently(commands))).toEqual({ accepted: 8, replayed: 152 });
    });

    it('is accepted once, and its id is rejected with a different payload', async () => {
      await givenDraft();
      const commandId = randomUUID();
      const commands = times(20, (index) => ({
        type: 'AddItem',
        on: 'o',
        data: { productId: 'lamp', quantity: 1 + (index % 2) },
        commandId,
      }));
      expect(tally(await context().sendConcurrently(commands))).toEqual({
        accepted: 1,
        replayed: 9,
        'idempotency-key-reused': 10,
      });
    });
  });
}
