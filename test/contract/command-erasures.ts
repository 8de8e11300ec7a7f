import { beforeEach, describe, expect, it } from 'vitest';
import type { SentCommand } from '../support/commands/command-bus.ts';
import { type BusContext, tally } from './command-bus-context.ts';

const eraseBy = (admin: string, commandId?: string): SentCommand => ({
  type: 'EraseCustomer',
  on: 'ada',
  as: { admin },
  ...(commandId !== undefined && { commandId }),
});

/** What happens where an erasure needs a second person. */
export function erasureContract(context: () => BusContext): void {
  describe('an erasure that needs a second person', () => {
    beforeEach(async () => {
      const ada = { customerId: 'ada', name: 'Ada', email: 'ada@example.com', creditLimit: 1_000 };
      await context().send({ type: 'RegisterCustomer', data: ada });
    });

    const customer = async () => {
      const loaded = await context().store.load({ commandId: 'x', customerId: 'ada', productIds: [] });
      return loaded.customer;
    };

    it('is only recorded for the first admin, however often they ask and whatever changes meanwhile', async () => {
      const { send } = context();
      expect(await send(eraseBy('first'))).toEqual({ version: 2, replayed: false });
      await send({ type: 'ChangeCustomerContact', on: 'ada', data: { name: 'Ada King' } });
      expect(await send(eraseBy('first'))).toEqual({ version: 4, replayed: false });
      expect(await customer()).toMatchObject({ name: 'Ada King', erased: false });
    });

    it('is carried out for another admin', async () => {
      const { send } = context();
      await send(eraseBy('first'));
      expect(await send(eraseBy('second'))).toEqual({ version: 3, replayed: false });
      expect(await customer()).toMatchObject({ name: '[erased]', erased: true });
    });

    it('is not carried out when the first admin sends the request again with its id', async () => {
      const { send } = context();
      await send(eraseBy('first', 'key-1'));
      expect(await send(eraseBy('first', 'key-1'))).toEqual({ version: 2, replayed: true });
      expect(await customer()).toMatchObject({ erased: false, version: 2 });
    });

    it('is recorded once and carried out once when two admins ask at the same time', async () => {
      const answers = await context().sendConcurrently([eraseBy('first'), eraseBy('second')]);
      expect(tally(answers)).toEqual({ accepted: 2 });
      expect(await customer()).toMatchObject({ erased: true, version: 3 });
    });
  });
}
