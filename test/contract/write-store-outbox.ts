import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../../src/commands/write-store/write-store.ts';
import { customerCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const FOR_A = { owner: 'a', leaseMs: 60_000, olderThanMs: 0, limit: 100 };
const FOR_B = { ...FOR_A, owner: 'b' };

/** Customers with so many versions, hence events, each. */
async function seed({ store }: StoreContext, versions: Readonly<Record<string, number>>): Promise<void> {
  for (const [customerId, last] of Object.entries(versions)) {
    for (let version = 1; version <= last; version++) await store.commit(customerCommit({ customerId, version }));
  }
}

const names = (events: readonly OutboxEvent[]) => events.map(({ aggregateId, version }) => `${aggregateId}/${version}`);
const idsOf = (events: readonly OutboxEvent[]) => events.map(({ eventId }) => eventId);

export function outboxContract(context: () => StoreContext): void {
  describe('claim', () => {
    it('gives nothing when nothing is unpublished', async () => {
      expect(await context().store.claim(FOR_A)).toEqual([]);
    });

    it("gives each aggregate's events in version order", async () => {
      await seed(context(), { x: 12, y: 3 });
      const claimed = names(await context().store.claim(FOR_A));
      expect([claimed.filter((name) => name.startsWith('x')), claimed.filter((name) => name.startsWith('y'))]).toEqual([
        Array.from({ length: 12 }, (_, index) => `x/${index + 1}`),
        ['y/1', 'y/2', 'y/3'],
      ]);
    });

    it('leaves young events to the publisher that runs after the commit', async () => {
      await seed(context(), { x: 1 });
      expect(await context().store.claim({ ...FOR_A, olderThanMs: 3_600_000 })).toEqual([]);
    });

    it('keeps events from others while the lease holds', async () => {
      await seed(context(), { x: 1 });
      await context().store.claim(FOR_A);
      expect(await context().other.claim(FOR_B)).toEqual([]);
    });

    it('gives events to others when the lease has run out', async () => {
      const { store, other } = context();
      await seed(context(), { x: 1 });
      await store.claim({ ...FOR_A, leaseMs: 1 });
      await delay(20);
      expect(names(await other.claim(FOR_B))).toEqual(['x/1']);
    });

    it('gives an owner its own events again', async () => {
      const { store } = context();
      await seed(context(), { x: 1 });
      await store.claim(FOR_A);
      expect(names(await store.claim(FOR_A))).toEqual(['x/1']);
    });

    it('cuts an aggregate at the limit and keeps the rest of it from others', async () => {
      const { store, other } = context();
      await seed(context(), { x: 4 });
      const first = names(await store.claim({ ...FOR_A, limit: 2 }));
      expect([first, names(await other.claim(FOR_B))]).toEqual([['x/1', 'x/2'], []]);
    });

    it('gives others the rest of an aggregate once the claimed part is published', async () => {
      const { store, other } = context();
      await seed(context(), { x: 4 });
      await store.markPublished(idsOf(await store.claim({ ...FOR_A, limit: 2 })));
      expect(names(await other.claim(FOR_B))).toEqual(['x/3', 'x/4']);
    });

    it('keeps events from others that are committed to a claimed aggregate later', async () => {
      const { store, other } = context();
      await seed(context(), { x: 1 });
      await store.claim(FOR_A);
      await store.commit(customerCommit({ customerId: 'x', version: 2 }));
      expect(await other.claim(FOR_B)).toEqual([]);
    });

    it('never gives one aggregate to two that claim at once', async () => {
      const { store, other } = context();
      await seed(context(), { x: 3, y: 3, z: 3 });
      const claims = await Promise.all([store.claim({ ...FOR_A, limit: 4 }), other.claim({ ...FOR_B, limit: 4 })]);
      const [ofA, ofB] = claims.map((events) => new Set(events.map(({ aggregateId }) => aggregateId)));
      expect([...(ofA ?? [])].filter((aggregateId) => ofB?.has(aggregateId))).toEqual([]);
    });
  });

  describe('markPublished', () => {
    it('takes events out of the outbox', async () => {
      const { store } = context();
      await seed(context(), { x: 2 });
      const [first] = await store.claim(FOR_A);
      await store.markPublished([first?.eventId ?? '']);
      expect(names(await store.claim(FOR_A))).toEqual(['x/2']);
    });

    it('passes over ids that are unknown, marked already or given twice', async () => {
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

  describe('oldestUnpublishedMs', () => {
    it('is 0 when nothing is unpublished', async () => {
      const { store } = context();
      await seed(context(), { x: 1 });
      await store.markPublished(idsOf(await store.claim(FOR_A)));
      expect(await store.oldestUnpublishedMs()).toBe(0);
    });

    it('is the age of an unpublished event', async () => {
      await seed(context(), { x: 1 });
      await delay(20);
      expect(await context().store.oldestUnpublishedMs()).toBeGreaterThan(0);
    });
  });
}
