import { describe, expect, it } from 'vitest';
import type { EventWindow, ReadEventsRequest } from '../../src/commands/write-store/stored-events.ts';
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
    it('returns all events of an aggregate in version order, as they were committed', async () => {
      const { aggregate, bodies } = await customerWith(12);
      expect((await context().store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('returns the events up to a version', async () => {
      const { aggregate, bodies } = await customerWith(3);
      expect((await context().store.readEvents({ ...aggregate, upToVersion: 2 })).bodies).toEqual(bodies.slice(0, 2));
    });

    it.each([7, 2 ** 31, Number.MAX_SAFE_INTEGER])(
      'returns all events when version %i does not exist yet',
      async (version) => {
        const { aggregate, bodies } = await customerWith(2);
        expect((await context().store.readEvents({ ...aggregate, upToVersion: version })).bodies).toEqual(bodies);
      },
    );

    it('returns nothing for an aggregate that does not exist', async () => {
      await customerWith(1);
      const missing = { aggregateType: 'Customer' as const, aggregateId: newId('missing') };
      expect((await context().store.readEvents(missing)).bodies).toEqual([]);
    });

    it('distinguishes aggregates of different types with the same id', async () => {
      const { store } = context();
      const { aggregate, bodies } = await customerWith(1);
      await store.commit(productCommit({ productId: aggregate.aggregateId }));
      expect((await store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('distinguishes ids that differ only in case', async () => {
      const { aggregate, bodies } = await customerWith(1, 'Customer-A');
      await customerWith(2, 'customer-a');
      expect((await context().store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('returns every event of a commit with several events', async () => {
      const { store } = context();
      const { aggregate } = await customerWith(1);
      const orderId = newId('order');
      const { events, ...commit } = orderCommit({ orderId, customerId: aggregate.aggregateId, version: 3, from: 0 });
      await store.commit({ ...commit, events });
      expect((await store.readEvents({ aggregateType: 'Order', aggregateId: orderId })).bodies).toEqual(
        events.map(({ body }) => body),
      );
    });

    it('returns what another process has just committed', async () => {
      const { aggregate, bodies } = await customerWith(1);
      expect((await context().other.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('returns the newest event and a window of those before it', async () => {
      const { aggregate, bodies } = await customerWith(6);
      const { store } = context();
      const read = async (window: EventWindow, upToVersion?: number) => {
        const found = await store.readEvents({ ...aggregate, upToVersion, window });
        return found.bodies.map((body) => bodies.indexOf(body) + 1);
      };
      const maxCharacters = 1_000_000;
      expect(await read({ after: 0, limit: 0, maxCharacters })).toEqual([6]);
      expect(await read({ after: 0, limit: 2, maxCharacters })).toEqual([1, 2, 6]);
      expect(await read({ after: 2, limit: 2, maxCharacters }, 5)).toEqual([3, 4, 5]);
      expect(await read({ after: 4, limit: 500, maxCharacters })).toEqual([5, 6]);
      expect(await read({ after: 9, limit: 500, maxCharacters })).toEqual([6]);
    });

    it('ends the window before the event that starts after the maximum number of characters', async () => {
      const { aggregate, bodies } = await customerWith(6);
      const read = async (maxCharacters: number) => {
        const window = { after: 1, limit: 500, maxCharacters };
        const found = await context().store.readEvents({ ...aggregate, window });
        return found.bodies.map((body) => bodies.indexOf(body) + 1);
      };
      const length = (version: number) => bodies[version - 1]?.length ?? 0;
      expect(await read(0)).toEqual([2, 6]);
      expect(await read(length(2) - 1)).toEqual([2, 6]);
      expect(await read(length(2) + length(3))).toEqual([2, 3, 4, 6]);
    });

    it('returns an order only to its owner', async () => {
      const { store } = context();
      const { aggregate } = await customerWith(1);
      const { aggregateId: customerId } = aggregate;
      const orderId = newId('order');
      await store.commit(orderCommit({ orderId, customerId }));
      const read = async (ownerId: string) =>
        (await store.readEvents({ aggregateType: 'Order', aggregateId: orderId, ownerId })).bodies.length;
      expect([await read(customerId), await read(newId('stranger')), await read('')]).toEqual([1, 0, 0]);
      expect((await store.readEvents({ ...aggregate, ownerId: customerId })).bodies).toEqual([]);
    });

    it('returns the customer and their keys only with the events of an order', async () => {
      const { store } = context();
      const { aggregate } = await customerWith(1);
      const { aggregateId: customerId } = aggregate;
      const orderId = newId('order');
      await store.commit(orderCommit({ orderId, customerId }));
      const customerIn = async (request: Partial<ReadEventsRequest>) =>
        (await store.readEvents({ aggregateType: 'Order', aggregateId: orderId, ...request })).customer?.name;
      expect(await customerIn({ ownerId: customerId })).toBe('Ada 1');
      expect(await customerIn({ ownerId: newId('stranger') })).toBeUndefined();
      expect(await customerIn({ upToVersion: 0 })).toBeUndefined();
    });

    it('does not take an id for the customer’s whose beginning it has', async () => {
      const { aggregate } = await customerWith(1, newId('customer').padEnd(64, '-'));
      const longer = { ...aggregate, aggregateId: `${aggregate.aggregateId}-more` };
      expect(await context().store.readEvents(longer)).toEqual({ bodies: [], heartbeat: expect.anything() });
    });

    it('returns published events as well', async () => {
      const { store } = context();
      const { aggregate, bodies } = await customerWith(1);
      await store.markPublished(bodies.map((body) => JSON.parse(body).eventId));
      expect((await store.readEvents(aggregate)).bodies).toEqual(bodies);
    });

    it('returns a large event with every character unchanged', async () => {
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
