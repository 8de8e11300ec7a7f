import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../../src/commands/write-store/outbox.ts';
import { customerCommit, productCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const FOR_A = { owner: 'a', leaseMs: 60_000, olderThanMs: 0, limit: 100, maxCharacters: 1_000_000 };
const FOR_B = { ...FOR_A, owner: 'b' };

/** Milliseconds after which a database records a later time. */
const NEXT_MS = 3;

/** Commits customers with this many versions, and so this many events, each. */
async function seed({ store }: StoreContext, versions: Readonly<Record<string, number>>): Promise<void> {
  for (const [customerId, last] of Object.entries(versions)) {
    for (let version = 1; version <= last; version++) await store.commit(customerCommit({ customerId, version }));
  }
}

const names = (events: readonly OutboxEvent[]) => events.map(({ aggregateId, version }) => `${aggregateId}/${version}`);
const idsOf = (events: readonly OutboxEvent[]) => events.map(({ eventId }) => eventId);

export function outboxContract(context: () => StoreContext): void {
  describe('claim', () => {
    it('returns nothing when everything is published', async () => {
      expect(await context().store.claim(FOR_A)).toEqual([]);
    });

    it('returns the events of each aggregate in version order', async () => {
      await seed(context(), { x: 12, y: 3 });
      const claimed = names(await context().store.claim(FOR_A));
      expect([claimed.filter((name) => name.startsWith('x')), claimed.filter((name) => name.startsWith('y'))]).toEqual([
        Array.from({ length: 12 }, (_, index) => `x/${index + 1}`),
        ['y/1', 'y/2', 'y/3'],
      ]);
    });

    it('returns the oldest events first, whatever their type and id', async () => {
      const { store } = context();
      await store.commit(productCommit({ productId: 'p' }));
      for (const customerId of ['z', 'a']) {
        await delay(NEXT_MS);
        await store.commit(customerCommit({ customerId }));
      }
      expect(names(await store.claim(FOR_A))).toEqual(['p/1', 'z/1', 'a/1']);
    });

    it('lets no event wait for younger ones while a backlog lasts', async () => {
      const { store } = context();
      const committed: string[] = [];
      const commit = async (turn: number) => {
        // every new turn's ids sort before those of all turns before it
        const id = String(50 - turn).padStart(2, '0');
        for (const part of [
          productCommit({ productId: `p${id}` }),
          customerCommit({ customerId: `c${id}` }),
          customerCommit({ customerId: 'busy', version: turn }),
        ]) {
          await delay(NEXT_MS);
          await store.commit(part);
          committed.push(...names(part.events));
        }
      };
      const published: string[] = [];
      for (let turn = 1; turn <= 4; turn++) await commit(turn);
      for (let turn = 5; turn <= 12; turn++) {
        await commit(turn);
        const claimed = await store.claim({ ...FOR_A, limit: 3 });
        published.push(...names(claimed));
        await store.markPublished(idsOf(claimed));
      }
      expect(published).toEqual(committed.slice(0, 24));
    });

    it('leaves recent events to the publisher that runs after the commit', async () => {
      await seed(context(), { x: 1 });
      expect(await context().store.claim({ ...FOR_A, olderThanMs: 3_600_000 })).toEqual([]);
    });

    it('withholds leased events from other owners', async () => {
      await seed(context(), { x: 1 });
      await context().store.claim(FOR_A);
      expect(await context().other.claim(FOR_B)).toEqual([]);
    });

    it('returns events to another owner once the lease has expired', async () => {
      const { store, other } = context();
      await seed(context(), { x: 1 });
      await store.claim({ ...FOR_A, leaseMs: 1 });
      await delay(20);
      expect(names(await other.claim(FOR_B))).toEqual(['x/1']);
    });

    it('returns leased events to their owner again', async () => {
      const { store } = context();
      await seed(context(), { x: 1 });
      await store.claim(FOR_A);
      expect(names(await store.claim(FOR_A))).toEqual(['x/1']);
    });

    it('stops within an aggregate at the limit and withholds the rest of it from other owners', async () => {
      const { store, other } = context();
      await seed(context(), { x: 4 });
      const first = names(await store.claim({ ...FOR_A, limit: 2 }));
      expect([first, names(await other.claim(FOR_B))]).toEqual([['x/1', 'x/2'], []]);
    });

    it('returns no event that starts after the maximum of characters, and withholds the rest of an aggregate', async () => {
      const { store, other } = context();
      await seed(context(), { x: 4 });
      const [first] = await store.claim({ ...FOR_A, maxCharacters: 0 });
      expect(first?.version).toBe(1);
      const maxCharacters = (first?.body.length ?? 0) + 1;
      const claimed = names(await store.claim({ ...FOR_A, maxCharacters }));
      expect([claimed, names(await other.claim(FOR_B))]).toEqual([['x/1', 'x/2'], []]);
    });

    it('returns the rest of an aggregate to another owner once the leased part is published', async () => {
      const { store, other } = context();
      await seed(context(), { x: 4 });
      await store.markPublished(idsOf(await store.claim({ ...FOR_A, limit: 2 })));
      expect(names(await other.claim(FOR_B))).toEqual(['x/3', 'x/4']);
    });

    it('withholds events that are committed later to a leased aggregate', async () => {
      const { store, other } = context();
      await seed(context(), { x: 1 });
      await store.claim(FOR_A);
      await store.commit(customerCommit({ customerId: 'x', version: 2 }));
      expect(await other.claim(FOR_B)).toEqual([]);
    });

    it('never returns one aggregate to two concurrent owners', async () => {
      const { store, other } = context();
      await seed(context(), { x: 3, y: 3, z: 3 });
      const claims = await Promise.all([store.claim({ ...FOR_A, limit: 4 }), other.claim({ ...FOR_B, limit: 4 })]);
      const [ofA, ofB] = claims.map((events) => new Set(events.map(({ aggregateId }) => aggregateId)));
      expect([...(ofA ?? [])].filter((aggregateId) => ofB?.has(aggregateId))).toEqual([]);
    });
  });

  describe('markPublished', () => {
    it('removes events from the outbox', async () => {
      const { store } = context();
      await seed(context(), { x: 2 });
      const [first] = await store.claim(FOR_A);
      await store.markPublished([first?.eventId ?? '']);
      expect(names(await store.claim(FOR_A))).toEqual(['x/2']);
    });

    it('ignores ids that are unknown, already marked or repeated', async () => {
      const { store, dump } = context();
      await seed(context(), { x: 1 });
      const ids = idsOf(await store.claim(FOR_A));
      await store.markPublished(ids);
      const before = await dump();
      await store.markPublished([...ids, ...ids, 'unknown']);
      expect(await dump()).toEqual(before);
    });

    it('does nothing without ids', async () => {
      await expect(context().store.markPublished([])).resolves.toBeUndefined();
    });
  });

  describe('backlog', () => {
    it('is empty when everything is published', async () => {
      const { store } = context();
      await seed(context(), { x: 1 });
      await store.markPublished(idsOf(await store.claim(FOR_A)));
      expect(await store.backlog()).toEqual({ oldestMs: 0, setAside: 0, waiting: 0, unpublished: 0 });
    });

    it('has the age of an unpublished event', async () => {
      await seed(context(), { x: 1 });
      await delay(20);
      expect((await context().store.backlog()).oldestMs).toBeGreaterThan(0);
    });

    it('counts the unpublished events', async () => {
      const { store } = context();
      await seed(context(), { x: 2, y: 1 });
      expect((await store.backlog()).unpublished).toBe(3);
      await store.markPublished(idsOf(await store.claim({ ...FOR_A, limit: 1 })));
      expect((await store.backlog()).unpublished).toBe(2);
    });
  });
}
