import { describe, expect, it } from 'vitest';
import type { CommandCommit, CommitOutcome } from '../../src/commands/write-store/write-store.ts';
import { customerCommit, placeOrderCommit, productCommit, withCommandId } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

/** Commits all of them at once, half through each of two stores, and counts the outcomes. */
async function commitAtOnce({ store, other }: StoreContext, commits: readonly CommandCommit[]) {
  const outcomes = await Promise.all(commits.map((commit, index) => (index % 2 === 0 ? store : other).commit(commit)));
  const counts: Partial<Record<CommitOutcome['outcome'], number>> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function times(count: number, commit: (index: number) => CommandCommit): readonly CommandCommit[] {
  return Array.from({ length: count }, (_, index) => commit(index));
}

export function raceContract(context: () => StoreContext): void {
  describe('at once', () => {
    it('50 orders of the last 10 units: 10 get one', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      await context().store.commit(productCommit({ productId: 'p', stock: 10 }));
      const orders = times(50, (index) =>
        placeOrderCommit({ orderId: `o${index}`, customerId: 'c', lines: [['p', 1]] }),
      );
      expect(await commitAtOnce(context(), orders)).toEqual({ committed: 10, refused: 40 });
    });

    it('50 orders on credit for 10 of them: 10 are placed', async () => {
      await context().store.commit(customerCommit({ customerId: 'c', creditLimit: 1_099 }));
      const orders = times(50, (index) => placeOrderCommit({ orderId: `o${index}`, customerId: 'c', total: 100 }));
      expect(await commitAtOnce(context(), orders)).toEqual({ committed: 10, refused: 40 });
    });

    it('one command sent 20 times: it is committed once', async () => {
      const commandId = 'sent-20-times';
      const commits = times(20, (index) => withCommandId(customerCommit({ customerId: `c${index}` }), commandId));
      expect(await commitAtOnce(context(), commits)).toEqual({ committed: 1, duplicate: 19 });
    });

    it('20 changes of one version: one is committed', async () => {
      await context().store.commit(customerCommit({ customerId: 'c' }));
      const commits = times(20, () => customerCommit({ customerId: 'c', version: 2 }));
      expect(await commitAtOnce(context(), commits)).toEqual({ committed: 1, conflict: 19 });
    });

    it('orders that share products in different line orders: all are committed', async () => {
      const productIds = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
      for (const productId of productIds) await context().store.commit(productCommit({ productId, stock: 100 }));
      for (const customerId of ['c0', 'c1']) await context().store.commit(customerCommit({ customerId }));
      const orders = times(40, (index) => {
        const lines = productIds.map((productId) => [productId, 1] as const);
        return placeOrderCommit({
          orderId: `o${index}`,
          customerId: `c${index % 2}`,
          lines: index % 2 === 0 ? lines : lines.toReversed(),
        });
      });
      expect(await commitAtOnce(context(), orders)).toEqual({ committed: 40 });
    });
  });
}
