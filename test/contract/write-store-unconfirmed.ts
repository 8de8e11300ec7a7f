import { describe, expect, it } from 'vitest';
import type { UnconfirmedOrder } from '../../src/commands/write-store/unconfirmed-orders.ts';
import type { CommandCommit } from '../../src/commands/write-store/write-store.ts';
import { customerCommit, type OrderFields, orderCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second, 500)).toISOString();

/** A commit of an order whose command was accepted at this second. */
function acceptedAt(second: number, fields: Omit<OrderFields, 'customerId'>): CommandCommit {
  const commit = orderCommit({ customerId: 'c', ...fields });
  const events = commit.events.map((event) => {
    return { ...event, body: JSON.stringify({ ...JSON.parse(event.body), timestamp: at(second) }) };
  });
  return { ...commit, events };
}

export function unconfirmedContract(context: () => StoreContext): void {
  const commit = async (...commits: readonly CommandCommit[]) => {
    for (const each of commits) expect(await context().store.commit(each)).toEqual({ outcome: 'committed' });
  };
  const read = (until: number, options: { readonly after?: UnconfirmedOrder; readonly limit?: number } = {}) =>
    context().store.unconfirmedOrders({ submittedUntil: at(until), limit: 10, ...options });
  const ids = async (until: number) => (await read(until)).map(({ orderId }) => orderId);
  const givenCustomer = () => commit(customerCommit({ customerId: 'c' }));

  describe('the unconfirmed orders', () => {
    it('are the submitted ones, by the time when the submitting command was accepted and by id', async () => {
      await givenCustomer();
      await commit(
        acceptedAt(2, { orderId: 'b', row: { placedAt: at(0) } }),
        acceptedAt(2, { orderId: 'a' }),
        acceptedAt(1, { orderId: 'z', row: { placedAt: at(50) } }),
        acceptedAt(3, { orderId: 'late' }),
        acceptedAt(1, { orderId: 'draft', row: { status: 'draft', placedAt: null } }),
      );
      const [z, a, b] = await read(2);
      expect([z, a, b]).toEqual([
        { orderId: 'z', submittedAt: at(1) },
        { orderId: 'a', submittedAt: at(2) },
        { orderId: 'b', submittedAt: at(2) },
      ]);
      expect(await ids(0)).toEqual([]);
    });

    it('are read in pages', async () => {
      await givenCustomer();
      await commit(...[1, 2, 2, 3].map((second, index) => acceptedAt(second, { orderId: `o${index}` })));
      const first = await read(9, { limit: 2 });
      const rest = await read(9, { limit: 2, ...(first[1] && { after: first[1] }) });
      expect([...first, ...rest].map(({ orderId }) => orderId)).toEqual(['o0', 'o1', 'o2', 'o3']);
    });

    it('have the time of the submission of a draft, and keep it when the address changes', async () => {
      await givenCustomer();
      await commit(
        acceptedAt(1, { orderId: 'o', row: { status: 'draft', placedAt: null } }),
        acceptedAt(5, { orderId: 'o', version: 2 }),
        acceptedAt(7, { orderId: 'o', version: 3 }),
      );
      expect(await read(9)).toEqual([{ orderId: 'o', submittedAt: at(5) }]);
    });

    it('no longer include one that was confirmed or cancelled, nor one whose commit is a conflict', async () => {
      await givenCustomer();
      await commit(...['a', 'b', 'c'].map((orderId) => acceptedAt(1, { orderId })));
      await commit(
        acceptedAt(2, { orderId: 'a', version: 2, row: { status: 'confirmed', confirmedAt: at(2) } }),
        acceptedAt(2, { orderId: 'b', version: 2, row: { status: 'cancelled' } }),
      );
      const stale = acceptedAt(3, { orderId: 'a', version: 2 });
      expect(await context().store.commit(stale)).toEqual({ outcome: 'conflict' });
      expect(await ids(9)).toEqual(['c']);
    });
  });
}
