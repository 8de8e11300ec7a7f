import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutboxEvent } from '../../src/commands/write-store/outbox.ts';
import { customerCommit } from '../support/commands/commits.ts';
import type { StoreContext } from './write-store-context.ts';

const CLAIM = { owner: 'a', leaseMs: 60_000, olderThanMs: 0, limit: 100, maxCharacters: 1_000_000 };
const SET_ASIDE = { maxTries: 2, setAsideMs: 3_600_000 };

const names = (events: readonly OutboxEvent[]) => events.map(({ aggregateId, version }) => `${aggregateId}/${version}`);

/** Commits versions 1 to 3 of two customers, and returns the id of the second event of the first one. */
async function seed({ store }: StoreContext): Promise<string> {
  const commits = ['x', 'y'].flatMap((customerId) =>
    [1, 2, 3].map((version) => customerCommit({ customerId, version })),
  );
  for (const commit of commits) await store.commit(commit);
  return commits[1]?.events[0]?.eventId ?? '';
}

export function refusalContract(context: () => StoreContext): void {
  describe('an event that the hub refuses', () => {
    it('is claimed again until it was refused as often as allowed', async () => {
      const { store } = context();
      const eventIds = [await seed(context())];
      expect(await store.recordRefusals({ eventIds, ...SET_ASIDE })).toEqual([]);
      expect(names(await store.claim(CLAIM))).toContain('x/2');
    });

    it('is set aside then, and later versions of its aggregate wait for it', async () => {
      const { store, other } = context();
      const eventIds = [await seed(context())];
      await store.recordRefusals({ eventIds, ...SET_ASIDE });
      expect(await other.recordRefusals({ eventIds, ...SET_ASIDE })).toEqual(eventIds);
      expect(names(await store.claim(CLAIM)).toSorted()).toEqual(['x/1', 'y/1', 'y/2', 'y/3']);
    });

    it('is counted in the backlog with the versions that wait for it, but not in its age', async () => {
      const { store } = context();
      const eventIds = [await seed(context())];
      await store.recordRefusals({ eventIds, ...SET_ASIDE, maxTries: 1 });
      const others = (await store.claim(CLAIM)).map(({ eventId }) => eventId);
      await store.markPublished(others);
      await delay(20);
      expect(await store.backlog()).toEqual({ oldestMs: 0, setAside: 1, waiting: 1, unpublished: 2 });
    });

    it('is claimed again after its time, and set aside again after one more refusal', async () => {
      const { store } = context();
      const eventIds = [await seed(context())];
      for (const _ of [1, 2]) await store.recordRefusals({ eventIds, ...SET_ASIDE, setAsideMs: 1 });
      await delay(20);
      expect(names(await store.claim(CLAIM))).toContain('x/2');
      expect(await store.recordRefusals({ eventIds, ...SET_ASIDE })).toEqual(eventIds);
    });

    it('holds back events that are committed later to its aggregate, from the first refusal on', async () => {
      const { store } = context();
      await store.recordRefusals({ eventIds: [await seed(context())], ...SET_ASIDE });
      const outcomes = [
        await store.commit(customerCommit({ customerId: 'x', version: 4 })),
        await store.commit(customerCommit({ customerId: 'y', version: 4 })),
      ];
      expect(outcomes).toEqual([{ outcome: 'committed', held: true }, { outcome: 'committed' }]);
    });

    it('is forgotten once it is published', async () => {
      const { store } = context();
      const eventIds = [await seed(context())];
      await store.recordRefusals({ eventIds, ...SET_ASIDE, maxTries: 1 });
      await store.markPublished(eventIds);
      expect(names(await store.claim(CLAIM))).toContain('x/3');
      expect(await store.commit(customerCommit({ customerId: 'x', version: 4 }))).toEqual({ outcome: 'committed' });
      expect(await store.backlog()).toMatchObject({ setAside: 0, waiting: 0 });
    });

    it('holds back nothing when it is published and refused at the same time', async () => {
      const { store, other } = context();
      const customerIds = Array.from({ length: 25 }, (_, index) => `c${index}`);
      const outcomes = await Promise.all(
        customerIds.map(async (customerId) => {
          const first = customerCommit({ customerId });
          await store.commit(first);
          const eventIds = first.events.map(({ eventId }) => eventId);
          await Promise.all([other.markPublished(eventIds), store.recordRefusals({ eventIds, ...SET_ASIDE })]);
          return store.commit(customerCommit({ customerId, version: 2 }));
        }),
      );
      expect(outcomes).toEqual(customerIds.map(() => ({ outcome: 'committed' })));
    });

    it('is not recorded when it is unknown, published or repeated', async () => {
      const { store } = context();
      const eventId = await seed(context());
      expect(await store.recordRefusals({ eventIds: [eventId, eventId, 'unknown'], ...SET_ASIDE })).toEqual([]);
      await store.markPublished([eventId]);
      expect(await store.recordRefusals({ eventIds: [eventId], ...SET_ASIDE, maxTries: 1 })).toEqual([]);
    });
  });
}
