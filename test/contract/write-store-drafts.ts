import { describe, expect, it } from 'vitest';
import type { CommandCommit, CommitOutcome } from '../../src/commands/write-store/write-store.ts';
import { customerCommit, orderCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const REFUSED = { outcome: 'refused', constraint: 'drafts' };

/** The commit of CreateOrder. */
function draftCommit(orderId: string, maxOpenDrafts: number, customerId = 'c'): CommandCommit {
  return { ...orderCommit({ orderId, customerId, row: { status: 'draft', placedAt: null } }), maxOpenDrafts };
}

export function draftContract(context: () => StoreContext): void {
  const commit = (...commits: readonly CommandCommit[]): Promise<readonly CommitOutcome[]> =>
    commits.reduce<Promise<readonly CommitOutcome[]>>(
      async (before, next) => [...(await before), await context().store.commit(next)],
      Promise.resolve([]),
    );
  const countUpTo = async (countDraftsUpTo: number) =>
    (await context().store.load({ commandId: 'x', customerId: 'c', productIds: [], countDraftsUpTo })).openDrafts;
  /** Customers c and other, the drafts d1, d2 and d3 of c, one draft of other, and a placed order of c. */
  const given = () =>
    commit(
      customerCommit({ customerId: 'c' }),
      customerCommit({ customerId: 'other' }),
      ...['d1', 'd2', 'd3'].map((orderId) => draftCommit(orderId, 3)),
      draftCommit('d4', 3, 'other'),
      orderCommit({ orderId: 'o', customerId: 'c' }),
    );

  describe('the open drafts of a customer', () => {
    it('are counted by a load that requests it, up to the requested maximum', async () => {
      await given();
      expect([await countUpTo(4), await countUpTo(3), await countUpTo(2)]).toEqual([3, 3, 2]);
      const { openDrafts } = await context().store.load({ commandId: 'x', customerId: 'c', productIds: [] });
      expect(openDrafts).toBeUndefined();
    });

    it('no longer include one that was submitted or cancelled', async () => {
      await given();
      await commit(
        orderCommit({ orderId: 'd1', customerId: 'c', version: 2 }),
        orderCommit({ orderId: 'd2', customerId: 'c', version: 2, row: { status: 'cancelled', placedAt: null } }),
      );
      expect(await countUpTo(10)).toBe(1);
      expect(await commit(draftCommit('d5', 2), draftCommit('d6', 2))).toEqual([{ outcome: 'committed' }, REFUSED]);
    });

    it('can reach the limit in the commit of a draft, and one more is refused and writes nothing', async () => {
      const { store, dump } = context();
      await given();
      const before = await dump();
      expect(await store.commit(draftCommit('d5', 3))).toEqual(REFUSED);
      expect(await dump()).toEqual(before);
      expect(await store.commit(draftCommit('d5', 4))).toEqual({ outcome: 'committed' });
    });

    it('are never more than allowed when 40 are created at once', async () => {
      const { store, other } = context();
      await commit(customerCommit({ customerId: 'c' }));
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? store : other).commit(draftCommit(`d${index}`, 10)),
        ),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'committed')).toHaveLength(10);
      expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toHaveLength(30);
      expect(await countUpTo(50)).toBe(10);
    });
  });
}
