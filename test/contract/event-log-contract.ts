import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CommandCommit } from '../../src/commands/write-store/write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openSyncDatabase } from '../../src/sync/database/open-sync-database.ts';
import type {
  EventLog,
  LoggedEvent,
  LogPosition,
  SyncDatabase,
  TimePosition,
} from '../../src/sync/database/sync-database.ts';
import { customerCommit, newId, productCommit } from '../support/commands/commits.ts';
import { openBothSides } from './both-sides.ts';
import type { StoreContext, WriteStoreFixture } from './write-store-context.ts';

/** By how much the clocks of the test and of a database server may differ. */
const MAX_CLOCK_SKEW_MS = 5_000;

/** What every event log guarantees, whatever its database. Call it inside a `describe`. */
export function eventLogContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);
  let fixture: WriteStoreFixture;
  let store: StoreContext['store'];
  let database: SyncDatabase;
  let log: EventLog;

  beforeEach(() => {
    ({ fixture, store, database } = sides());
    ({ log } = database);
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

  /** Publishes everything and moves the oldest events to the archive. */
  async function archive(limit = 1_000): Promise<void> {
    const events = (await fixture.dump()).Events.map(({ EventId }) => String(EventId));
    await store.markPublished(events);
    await store.archiveEvents({ recordedBefore: '2999-01-01T00:00:00.000Z', limit, maxCharacters: 1_000_000 });
  }

  const bodies = (events: readonly LoggedEvent[]) => events.map(({ body }) => body);

  /** An event of a customer that alone has more characters than a page. */
  const large = (customerId: string, version: number): CommandCommit => {
    const change = customerCommit({ customerId, version });
    const events = change.events.map((event) => ({ ...event, body: JSON.stringify('x'.repeat(4_000_000)) }));
    return { ...change, events };
  };

  /** The time at which the database recorded an aggregate's events. */
  async function recordedAt(aggregateId: string): Promise<string> {
    const row = (await fixture.dump()).Events?.find((event) => Reflect.get(event, 'AggregateId') === aggregateId);
    return z.coerce
      .date()
      .parse(Reflect.get(row ?? {}, 'RecordedAt'))
      .toISOString();
  }

  describe('page', () => {
    it.each([1, 2, 3, 4, 5, 100])('returns every event once, as it was committed, in pages of %i', async (limit) => {
      const committed = await commit(
        ...versions('b', 3),
        ...versions('a', 2),
        productCommit({ productId: 'a' }),
        ...versions('B', 1),
      );
      expect(bodies(await readAll(limit)).sort()).toEqual([...committed].sort());
    });

    it('returns the events of one aggregate in version order', async () => {
      const committed = await commit(...versions(newId('customer'), 12));
      expect(bodies(await readAll(5))).toEqual(committed);
    });

    it('returns the ids of the event and of its aggregate', async () => {
      const change = customerCommit({ customerId: 'ada' });
      await commit(change);
      expect(await readAll(10)).toEqual([
        { eventId: change.events[0]?.eventId, aggregateId: 'ada', body: change.events[0]?.body },
      ]);
    });

    it('returns nothing from an empty log', async () => {
      expect(await log.page({ limit: 10 })).toMatchObject({ events: [], next: undefined });
    });

    it('skips events that were recorded before the start time', async () => {
      await commit(...versions('a-early', 3));
      await new Promise((resume) => setTimeout(resume, 20));
      const late = await commit(...versions('b-late', 2));
      expect(bodies(await readAll(2, await recordedAt('b-late')))).toEqual(late);
    });

    it('returns events that were committed after the first page was read', async () => {
      await commit(...versions('a', 2));
      const { next } = await log.page({ limit: 2 });
      const later = await commit(...versions('b', 1));
      expect(bodies((await log.page({ after: next, limit: 2 })).events)).toEqual(later);
    });
  });

  describe('page, of large events', () => {
    it('has fewer events than requested, and at least one, in the archive too', async () => {
      const committed = await commit(...versions('a', 1), large('a', 2), large('a', 3), ...versions('b', 2));
      await archive(2);
      const first = await log.page({ limit: 10 });
      const second = await log.page({ after: first.next, limit: 10 });
      const third = await log.page({ after: second.next, limit: 10 });
      expect([first, second, third].map(({ events }) => events.length)).toEqual([2, 1, 2]);
      expect(bodies([first, second, third].flatMap(({ events }) => events))).toEqual(committed);
      expect(third.next).toBeUndefined();
    });

    it('does not count events that it skips', async () => {
      await commit(large('a-early', 1));
      await new Promise((resume) => setTimeout(resume, 20));
      const late = await commit(...versions('b-late', 2));
      const { events, next } = await log.page({ limit: 10, from: await recordedAt('b-late') });
      expect([bodies(events), next]).toEqual([late, undefined]);
    });
  });

  describe('page, across the archive and the table', () => {
    it.each([1, 2, 3, 5, 100])('returns every event once, in version order, in pages of %i', async (limit) => {
      const committed = await commit(...versions('b', 4), ...versions('a', 3), productCommit({ productId: 'a' }));
      await archive(5);
      const found = bodies(await readAll(limit));
      expect(found.toSorted()).toEqual(committed.toSorted());
      expect(found.filter((body) => body.includes('"b"'))).toEqual(committed.slice(0, 4));
    });

    it.each([1, 2, 3])('returns every event once while events are archived between pages of %i', async (limit) => {
      const committed = await commit(...versions('b', 4), ...versions('a', 3), ...versions('c', 2));
      const events: LoggedEvent[] = [];
      for (let after: LogPosition | undefined, isEnd = false; !isEnd; await archive(2)) {
        const page = await log.page({ after, limit });
        events.push(...page.events);
        after = page.next;
        isEnd = after === undefined;
      }
      expect(bodies(events).toSorted()).toEqual(committed.toSorted());
    });

    it('skips archived events that were recorded before the start time', async () => {
      await commit(...versions('early', 3));
      await new Promise((resume) => setTimeout(resume, 20));
      const late = await commit(...versions('late', 2));
      const from = await recordedAt('late');
      await archive(4);
      expect(bodies(await readAll(2, from))).toEqual(late);
      expect([(await log.count()).events, (await log.count(from)).events]).toEqual([5, 2]);
    });
  });

  describe('newest', () => {
    /** All events, page by page. */
    async function newestBodies(limit: number, aggregateId?: string): Promise<readonly string[]> {
      const found: string[] = [];
      for (let before: TimePosition | undefined; ; ) {
        const { events, isEnd } = await log.newest({ aggregateId, before, limit });
        found.push(...events.map(({ body }) => body));
        before = events.at(-1)?.position;
        if (isEnd) return found;
      }
    }

    it.each([1, 2, 3, 100])('returns every event once, the newest first, in pages of %i', async (limit) => {
      const committed: string[] = [];
      for (const change of [...versions('b', 2), ...versions('a', 2), productCommit({ productId: 'a' })]) {
        committed.unshift(...(await commit(change)));
        await new Promise((resume) => setTimeout(resume, 5));
      }
      expect(await newestBodies(limit)).toEqual(committed);
    });

    it.each([1, 3, 100])('returns archived events after the others, in pages of %i', async (limit) => {
      const committed: string[] = [];
      for (const change of [...versions('a', 3), productCommit({ productId: 'a' }), ...versions('b', 2)]) {
        committed.unshift(...(await commit(change)));
        await new Promise((resume) => setTimeout(resume, 5));
      }
      await archive(3);
      expect(await newestBodies(limit)).toEqual(committed);
      expect(await newestBodies(limit, 'a')).toEqual(committed.slice(2));
    });

    it.each([1, 2, 100])('returns events that were recorded at the same time once, in pages of %i', async (limit) => {
      const committed = await commit(...versions('a', 3), ...versions('b', 3));
      expect((await newestBodies(limit)).toSorted()).toEqual(committed.toSorted());
    });

    it('returns the events of all aggregates with an id', async () => {
      const committed = await commit(...versions('a', 3), productCommit({ productId: 'a' }));
      await commit(...versions('b', 2), ...versions('A', 1));
      expect((await newestBodies(2, 'a')).toSorted()).toEqual(committed.toSorted());
    });

    it('returns fewer events than requested when they are large, and at least one', async () => {
      await commit(large('large', 1), ...versions('small', 2));
      const { events: found, isEnd } = await log.newest({ limit: 2 });
      expect([found.length, isEnd]).toEqual([2, false]);
      const rest = await log.newest({ limit: 10, before: found.at(-1)?.position });
      expect([rest.events.length, rest.isEnd]).toEqual([1, false]);
      expect(await log.newest({ limit: 10, before: rest.events.at(-1)?.position })).toMatchObject({
        events: [],
        isEnd: true,
      });
    });

    it('returns the id of each event, and when it was committed and published', async () => {
      const published = customerCommit({ customerId: 'a' });
      await commit(published, ...versions('b', 1));
      await store.markPublished(published.events.map(({ eventId }) => eventId));
      const { events } = await log.newest({ limit: 10 });
      const times = Object.fromEntries(events.map(({ eventId, publishedAt }) => [eventId, publishedAt]));
      const recorded = events.find(({ position }) => position.aggregateId === 'a')?.position.recordedAt ?? '';
      const publishedAt = times[published.events[0]?.eventId ?? ''];
      expect(z.iso.datetime().parse(publishedAt) >= z.iso.datetime().parse(recorded)).toBe(true);
      expect(Object.values(times).toSorted()).toEqual([publishedAt, null]);
    });

    it('returns nothing from an empty log', async () => {
      expect(await log.newest({ limit: 10 })).toMatchObject({ events: [], isEnd: true });
    });
  });

  describe('count', () => {
    const count = async (from?: string) => (await log.count(from)).events;

    it('returns the number of all events', async () => {
      await commit(...versions('a', 3), productCommit({ productId: 'a' }));
      expect(await count()).toBe(4);
    });

    it('returns the number of events recorded since a time', async () => {
      await commit(...versions('early', 3));
      await new Promise((resume) => setTimeout(resume, 20));
      await commit(...versions('late', 2));
      expect(await count(await recordedAt('late'))).toBe(2);
    });

    it('returns 0 for an empty log and for a time in the future', async () => {
      expect(await count()).toBe(0);
      await commit(...versions('a', 1));
      expect(await count('2999-01-01T00:00:00.000Z')).toBe(0);
    });
  });

  describe('the heartbeat', () => {
    it('advances by one with each beat, whoever records it', async () => {
      const beat = await database.recordHeartbeat();
      const beats = await Promise.all([1, 2, 3].map(() => database.recordHeartbeat()));
      expect(beats.toSorted((a, b) => a - b)).toEqual([beat + 1, beat + 2, beat + 3]);
    });

    it('is in every answer of the log and of an aggregate, with its age', async () => {
      await commit(...versions('a', 1));
      const before = Date.now();
      const beat = await database.recordHeartbeat();
      const answers = [
        await database.readHeartbeat(),
        await log.page({ limit: 1 }),
        await log.newest({ limit: 1 }),
        await log.count(),
        await store.readEvents({ aggregateType: 'Customer', aggregateId: 'a' }),
      ];
      for (const { heartbeat } of answers) {
        expect(heartbeat).toEqual({ beat, beatAt: expect.any(String), ageMs: expect.any(Number) });
        expect(heartbeat?.ageMs).toBeLessThanOrEqual(Date.now() - before + MAX_CLOCK_SKEW_MS);
      }
    });
  });
}

/** What the replica of a database guarantees. Call it inside a `describe`. */
export function logReplicaContract(create: () => Promise<WriteStoreFixture>): void {
  const sides = openBothSides(create);

  it('is read with the heartbeat of the replica', async () => {
    const { fixture, store, database } = sides();
    const commit = customerCommit({ customerId: 'a' });
    await store.commit(commit);
    const beat = await database.recordHeartbeat();
    const replica = await openSyncDatabase(fixture.connectionString(), { runtime: systemRuntime, isReplica: true });
    const { events, heartbeat } = await replica.log.page({ limit: 10 });
    await replica.close();
    expect([events.map(({ body }) => body), heartbeat?.beat]).toEqual([commit.events.map(({ body }) => body), beat]);
  });
}
