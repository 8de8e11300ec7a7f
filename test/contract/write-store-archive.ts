import { describe, expect, it } from 'vitest';
import type { ArchiveRequest } from '../../src/commands/write-store/event-archive.ts';
import type { CommandCommit } from '../../src/commands/write-store/write-store.ts';
import { customerCommit, orderCommit, productCommit, withCommandId } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const FAR_FUTURE = '2999-01-01T00:00:00.000Z';

export function archiveContract(context: () => StoreContext): void {
  const commit = async (...commits: readonly CommandCommit[]) => {
    for (const each of commits) expect(await context().store.commit(each)).toEqual({ outcome: 'committed' });
    return commits.flatMap(({ events }) => events);
  };
  const published = async (...commits: readonly CommandCommit[]) => {
    const events = await commit(...commits);
    await context().store.markPublished(events.map(({ eventId }) => eventId));
    return events;
  };
  const archive = (changes: Partial<ArchiveRequest> = {}) =>
    context().store.archiveEvents({ recordedBefore: FAR_FUTURE, limit: 100, maxCharacters: 1_000_000, ...changes });
  const ids = async () => {
    const { Events, EventArchive } = await context().dump();
    return [Events, EventArchive].map((rows) => rows.map(({ EventId }) => EventId));
  };
  const versions = (customerId: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => customerCommit({ customerId, version: from + index }));

  describe('archiveEvents', () => {
    it('moves the published events that were recorded before a time', async () => {
      const [moved] = await published(customerCommit({ customerId: 'a' }));
      await new Promise((resume) => setTimeout(resume, 20));
      const [young] = await published(customerCommit({ customerId: 'b' }));
      const [unpublished] = await commit(customerCommit({ customerId: 'c' }));
      const recorded = (await context().dump()).Events.find(({ EventId }) => EventId === young?.eventId)?.RecordedAt;
      const recordedBefore = new Date(Number(recorded)).toISOString();
      expect(await archive({ recordedBefore })).toBe(1);
      expect(await archive({ recordedBefore })).toBe(0);
      const [events, archived] = await ids();
      expect([events?.toSorted(), archived]).toEqual([
        [young?.eventId, unpublished?.eventId].toSorted(),
        [moved?.eventId],
      ]);
    });

    it('moves the oldest first, in batches that are limited by events and by characters', async () => {
      const events = await published(...versions('a', 1, 5));
      expect(await archive({ limit: 2 })).toBe(2);
      expect((await ids())[1]?.toSorted()).toEqual([events[0]?.eventId, events[1]?.eventId].toSorted());
      const size = events[2]?.body.length ?? 0;
      expect([await archive({ maxCharacters: size }), await archive({ maxCharacters: 0 })]).toEqual([2, 1]);
    });

    it('moves each event once when two processes run it at the same time', async () => {
      const events = await published(...versions('a', 1, 30));
      const { store, other } = context();
      const request = { recordedBefore: FAR_FUTURE, limit: 10, maxCharacters: 1_000_000 };
      await Promise.all([store, other, store, other].map((each) => each.archiveEvents(request)));
      while ((await archive()) > 0);
      const [left, archived] = await ids();
      expect(left).toEqual([]);
      expect(archived?.toSorted()).toEqual(events.map(({ eventId }) => eventId).toSorted());
    });

    it('deletes the record of the command of each moved event, and no other', async () => {
      const { store } = context();
      await published(withCommandId(customerCommit({ customerId: 'a' }), 'command-1'));
      const kept = customerCommit({ customerId: 'b' });
      await commit(kept);
      await archive();
      expect((await store.load({ commandId: 'command-1', productIds: [] })).command).toBeUndefined();
      expect((await store.load({ commandId: kept.command.commandId, productIds: [] })).command).toBeDefined();
    });
  });

  describe('an aggregate whose events are archived', () => {
    it('has all of its events, in version order', async () => {
      const old = await published(...versions('a', 1, 3));
      await archive();
      const bodies = [...old, ...(await commit(...versions('a', 4, 5)))].map(({ body }) => body);
      const aggregate = { aggregateType: 'Customer' as const, aggregateId: 'a' };
      const read = async (request: object) => (await context().store.readEvents({ ...aggregate, ...request })).bodies;
      expect(await read({})).toEqual(bodies);
      expect(await read({ upToVersion: 2 })).toEqual(bodies.slice(0, 2));
      expect(await read({ window: { after: 1, limit: 3, maxCharacters: 1_000_000 } })).toEqual(bodies.slice(1));
      expect(await read({ window: { after: 0, limit: 2, maxCharacters: 1_000_000 } })).toEqual([
        ...bodies.slice(0, 2),
        bodies[4],
      ]);
    });

    it('can be changed, and refuses a commit on an older version', async () => {
      await published(...versions('a', 1, 2));
      await archive();
      expect(await context().store.commit(customerCommit({ customerId: 'a', version: 2 }))).toEqual({
        outcome: 'conflict',
      });
      await commit(customerCommit({ customerId: 'a', version: 3 }));
      expect((await ids())[0]).toHaveLength(1);
    });

    it('still has the product names of the lines of an order', async () => {
      const order = orderCommit({ orderId: 'o', customerId: 'a', lines: [['p', 1]] });
      await published(customerCommit({ customerId: 'a' }), productCommit({ productId: 'p' }), order);
      expect(await archive()).toBe(3);
      const { lineNames } = await context().store.load({ commandId: 'x', orderId: 'o', productIds: [] });
      expect(lineNames).toEqual(new Map([[1, 'Teapot']]));
    });
  });
}
