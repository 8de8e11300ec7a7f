import { describe, expect, it } from 'vitest';
import type { CommandCommit } from '../../src/commands/write-store/write-store.ts';
import { customerCommit, newId, orderCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

export function eventsContract(context: () => StoreContext): void {
  /** Commits versions 1 to `count` of a customer. */
  async function customerWith(count: number, customerId = newId('customer')) {
    const commits: CommandCommit[] = [];
    for (let version = 1; version <= count; version++) {
      const commit = customerCommit({ customerId, name: `Ada ${version}`, version });
      await context().store.commit(commit);
      commits.push(commit);
    }
    const bodies = commits.flatMap(({ events }) => events.map(({ body }) => body));
    return { aggregate: { aggregateType: 'Customer' as const, aggregateId: customerId }, bodies };
  }

  describe('readEvents', () => {
    it('gives all events of an aggregate in version order, as they were committed', async () => {
      const { aggregate, bodies } = await customerWith(12);
      expect((await context().store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('gives the events up to a version', async () => {
      const { aggregate, bodies } = await customerWith(3);
      expect((await context().store.readEvents({ ...aggregate, upToVersion: 2 })).bodies).toEqual(bodies.slice(0, 2));
    });

    it.each([7, 2 ** 31, Number.MAX_SAFE_INTEGER])(
      'gives all events when version %i is not reached yet',
      async (version) => {
        const { aggregate, bodies } = await customerWith(2);
        expect((await context().store.readEvents({ ...aggregate, upToVersion: version })).bodies).toEqual(bodies);
      },
    );

    it('gives nothing for an aggregate that does not exist', async () => {
      await customerWith(1);
      const missing = { aggregateType: 'Customer' as const, aggregateId: newId('missing') };
      expect((await context().store.readEvents(missing)).bodies).toEqual([]);
    });

    it('tells aggregates of different types with one id apart', async () => {
      const { store } = context();
      const { aggregate, bodies } = await customerWith(1);
      await store.commit(productCommit({ productId: aggregate.aggregateId }));
      expect((await store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('tells ids that differ in case alone apart', async () => {
      const { aggregate, bodies } = await customerWith(1, 'Customer-A');
      await customerWith(2, 'customer-a');
      expect((await context().store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('gives every event of a commit with several', async () => {
      const { store } = context();
      const { aggregate } = await customerWith(1);
      const orderId = newId('order');
      const { events, ...commit } = orderCommit({ orderId, customerId: aggregate.aggregateId, version: 3, from: 0 });
      await store.commit({ ...commit, events });
      expect((await store.readEvents({ aggregateType: 'Order', aggregateId: orderId })).bodies).toEqual(
        events.map(({ body }) => body),
      );
    });

    it('sees what another process has just committed', async () => {
      const { aggregate, bodies } = await customerWith(1);
      expect((await context().other.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('gives published events as well', async () => {
      const { store } = context();
      const { aggregate, bodies } = await customerWith(1);
      await store.markPublished(bodies.map((body) => JSON.parse(body).eventId));
      expect((await store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('keeps every character and the size of an event', async () => {
      const { store } = context();
      const customerId = newId('customer');
      const name = 'Größe "50%" \\ \u2028 日本語 🛒 '.repeat(2_000);
      const commit = customerCommit({ customerId, name: 'Ada' });
      const events = commit.events.map((event) => ({ ...event, body: JSON.stringify({ name }) }));
      await store.commit({ ...commit, events });
      expect((await store.readEvents({ aggregateType: 'Customer', aggregateId: customerId })).bodies).toEqual(
        events.map(({ body }) => body),
      );
    });
  });
}
