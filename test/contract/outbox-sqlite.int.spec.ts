import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BACKLOG, OLDEST_CLAIMABLE } from '../../src/commands/write-store/sqlite/outbox-rows.ts';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { MIGRATIONS } from '../../src/shared/write-database/sqlite/migrations.ts';
import { customerCommit } from '../support/commands/commits.ts';

const CLAIM = { owner: 'a', leaseMs: 60_000, olderThanMs: 0, limit: 100, maxCharacters: 1_000_000 };

let folder: string;
let database: DatabaseSync;
let store: SqliteWriteStore;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  ({ database } = await openDatabase(join(folder, 'orders.db'), systemRuntime));
  now = 1_000;
  store = new SqliteWriteStore(database, { ...systemRuntime, now: () => now });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const commit = (customerId: string, version: number) => store.commit(customerCommit({ customerId, version }));
const claimed = async () => (await store.claim(CLAIM)).map(({ aggregateId, version }) => `${aggregateId}/${version}`);
const recordedAt = () =>
  database
    .prepare('SELECT RecordedAt FROM Events ORDER BY AggregateId, Version')
    .all()
    .map(({ RecordedAt }) => RecordedAt);

describe('the outbox in SQLite', () => {
  it('finds the oldest unpublished events by a seek, without sorting', () => {
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${OLDEST_CLAIMABLE}`)
      .all({ owner: 'a', now: 0, recordedUntil: 0, limit: 1 })
      .map(({ detail }) => String(detail));
    expect(plan[0]).toBe('SEARCH Events USING INDEX IX_Events_UnpublishedByAge (RecordedAt<?)');
    expect(plan.filter((detail) => /SCAN|TEMP B-TREE/.test(detail))).toEqual([]);
  });

  it('is described from its 10,000 oldest events, which an index returns in order', () => {
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${BACKLOG}`)
      .all({ now: 0 })
      .map(({ detail }) => String(detail));
    expect(plan).toContain('SCAN Events USING INDEX IX_Events_UnpublishedByAge');
    expect(BACKLOG).toMatch(/FROM Events\s+WHERE PublishedAt IS NULL\s+ORDER BY[^)]+LIMIT 10000\b/);
    expect(plan.filter((detail) => /TEMP B-TREE|SCAN (aside|RefusedEvents AS)/.test(detail))).toEqual([]);
  });

  it('counts at most 10,000 of its events, and its age has a bound when all of them are set aside', async () => {
    database.exec(`
      WITH RECURSIVE Numbers (N) AS (SELECT 1 UNION ALL SELECT N + 1 FROM Numbers WHERE N < 12000)
      INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, Body)
      SELECT 'e' || N, 'Order', 'o' || N, 1, N, '{}' FROM Numbers`);
    now = 20_000;
    expect(await store.backlog()).toEqual({ oldestMs: 19_999, setAside: 0, waiting: 0, unpublished: 10_000 });
    database.exec(`
      INSERT INTO RefusedEvents (AggregateType, AggregateId, Version, EventId, Refusals, SetAsideUntil)
      SELECT AggregateType, AggregateId, Version, EventId, 5, 99999 FROM Events`);
    expect(await store.backlog()).toEqual({ oldestMs: 10_000, setAside: 10_000, waiting: 0, unpublished: 10_000 });
  });

  it('keeps the version order of an aggregate when the clock is set back', async () => {
    now = 2_000;
    await commit('x', 1);
    now = 1_000;
    await commit('x', 2);
    await commit('y', 1);
    now = 3_000;
    await commit('x', 3);
    expect(await claimed()).toEqual(['y/1', 'x/1', 'x/2', 'x/3']);
  });

  it('repairs the times of a file in which the clock was set back', async () => {
    for (let version = 1; version <= 3; version++) await commit('x', version);
    database.exec('UPDATE Events SET RecordedAt = CASE Version WHEN 1 THEN 100 WHEN 2 THEN 300 ELSE 200 END');
    database.exec('DROP INDEX IX_Events_UnpublishedByAge');
    database.exec(MIGRATIONS.find((migration) => migration.includes('IX_Events_UnpublishedByAge')) ?? '');
    expect(recordedAt()).toEqual([100, 300, 300]);
  });
});
