import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommandCommit, WriteStore } from '../../src/commands/write-store/write-store.ts';
import type { EventLog, LoggedEvent, LogPosition } from '../../src/sync/database/sync-database.ts';
import { customerCommit, newId, productCommit } from '../support/commands/commits.ts';
import { openBothSides } from './both-sides.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** What every event log holds to, whatever its database. To be called inside a `describe`. */
export function eventLogContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let fixture: WriteStoreFixture;
  let store: WriteStore;
  let log: EventLog;

  beforeEach(() => {
    ({
      fixture,
      store,
      database: { log },
    } = sides());
  });

  async function commit(...commits: readonly CommandCommit[]): Promise<readonly string[]> {
    for (const each of commits) expect(await store.commit(each)).toEqual({ outcome: 'committed' });
    return commits.flatMap(({ events }) => events.map(({ body }) => body));
  }

  /** Versions 1 to `count` of a customer. */
  const versions = (customerId: string, count: number) =>
    Array.from({ length: count }, (_, index) => customerCommit({ customerId, version: index + 1 }));

  /** The whole log, page by page. */
  async function readAll(limit: number, from?: string): Promise<readonly LoggedEvent[]> {
    const events: LoggedEvent[] = [];
    for (let after: LogPosition | undefined; ; ) {
      const page = await log.page({ after, limit, from });
      events.push(...page.events);
      after = page.next;
      if (after === undefined) return events;
    }
  }

  const bodies = (events: readonly LoggedEvent[]) => events.map(({ body }) => body);

  /** When the database says that an aggregate's events were recorded. */
  async function recordedAt(aggregateId: string): Promise<string> {
    const row = (await fixture.dump()).Events?.find((event) => Reflect.get(event, 'AggregateId') === aggregateId);
    return z.coerce
      .date()
      .parse(Reflect.get(row ?? {}, 'RecordedAt'))
      .toISOString();
  }

  describe('page', () => {
    it.each([1, 2, 3, 4, 5, 100])('by page of %i, gives every event once, as it was committed', async (limit) => {
      const committed = await commit(
        ...versions('b', 3),
        ...versions('a', 2),
        productCommit({ productId: 'a' }),
        ...versions('B', 1),
      );
      expect(bodies(await readAll(limit)).sort()).toEqual([...committed].sort());
    });

    it('gives the events of one aggregate in version order', async () => {
      const committed = await commit(...versions(newId('customer'), 12));
      expect(bodies(await readAll(5))).toEqual(committed);
    });

    it('says whose event it is and which', async () => {
      const change = customerCommit({ customerId: 'ada' });
      await commit(change);
      expect(await readAll(10)).toEqual([
        { eventId: change.events[0]?.eventId, aggregateId: 'ada', body: change.events[0]?.body },
      ]);
    });

    it('gives nothing of an empty log', async () => {
      expect(await log.page({ limit: 10 })).toEqual({ events: [], next: undefined });
    });

    it('leaves out what was recorded earlier, and goes on behind it', async () => {
      await commit(...versions('a-early', 3));
      await new Promise((resume) => setTimeout(resume, 20));
      const late = await commit(...versions('b-late', 2));
      expect(bodies(await readAll(2, await recordedAt('b-late')))).toEqual(late);
    });

    it('gives events that another process has committed since the first page', async () => {
      await commit(...versions('a', 2));
      const { next } = await log.page({ limit: 2 });
      const later = await commit(...versions('b', 1));
      expect(bodies((await log.page({ after: next, limit: 2 })).events)).toEqual(later);
    });
  });

  describe('count', () => {
    it('counts every event', async () => {
      await commit(...versions('a', 3), productCommit({ productId: 'a' }));
      expect(await log.count()).toBe(4);
    });

    it('counts what was recorded since a time', async () => {
      await commit(...versions('early', 3));
      await new Promise((resume) => setTimeout(resume, 20));
      await commit(...versions('late', 2));
      expect(await log.count(await recordedAt('late'))).toBe(2);
    });

    it('counts nothing in an empty log, nor since a time to come', async () => {
      expect(await log.count()).toBe(0);
      await commit(...versions('a', 1));
      expect(await log.count('2999-01-01T00:00:00.000Z')).toBe(0);
    });
  });
}
