import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { COUNT } from '../../src/sync/database/sqlite-event-log.ts';
import { sqliteSyncDatabase } from '../../src/sync/database/sqlite-sync-database.ts';
import { eventLogContract, logReplicaContract } from './event-log-contract.ts';
import { sqliteFixture } from './sqlite-fixture.ts';

describe('EventLog on SQLite', () => {
  eventLogContract(sqliteFixture);
  logReplicaContract(sqliteFixture);
});

describe('counting the log in SQLite', () => {
  let database: DatabaseSync;

  beforeEach(async () => {
    ({ database } = await openDatabase(':memory:', systemRuntime));
    database.exec(`
      WITH RECURSIVE Numbers (N) AS (SELECT 1 UNION ALL SELECT N + 1 FROM Numbers WHERE N < 1000)
      INSERT INTO Events (EventId, AggregateType, AggregateId, Version, RecordedAt, Body)
      SELECT 'e' || N, 'Order', 'o' || N, 1, N / 10, '{}' FROM Numbers`);
  });
  afterEach(() => database.close());

  const count = (from: number, maxCounted: number) => database.prepare(COUNT).get({ from, maxCounted })?.events;

  it.each([
    [0, 1_000],
    [50, 501],
    [99, 11],
    [101, 0],
  ])('since %i is exact with and without counting each event: %i', (from, events) => {
    expect([count(from, 1_000), count(from, 10)]).toEqual([events, events]);
  });

  it('counts archived events as well', () => {
    database.exec(`
      INSERT INTO EventArchive (EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body)
      SELECT EventId, AggregateType, AggregateId, Version, RecordedAt, 0, Body FROM Events WHERE RecordedAt < 60;
      DELETE FROM Events WHERE RecordedAt < 60`);
    expect([0, 50, 60, 99].map((from) => [count(from, 1_000), count(from, 10)])).toEqual([
      [1_000, 1_000],
      [501, 501],
      [401, 401],
      [11, 11],
    ]);
  });

  it('reads no more of the index than the events that it counts, and never a whole table', () => {
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${COUNT}`)
      .all({ from: 0, maxCounted: 10 })
      .map(({ detail }) => String(detail));
    for (const table of ['Events', 'EventArchive']) {
      expect(plan.filter((detail) => new RegExp(`\\b${table}\\b`).test(detail))).toEqual([
        `SEARCH ${table} USING COVERING INDEX IX_${table}_RecordedAt (RecordedAt>?)`,
        `SEARCH ${table}`, // the greatest row id
        `SEARCH ${table} USING COVERING INDEX IX_${table}_RecordedAt (RecordedAt>?)`,
      ]);
    }
    expect(plan.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});

describe('every statement on the log in SQLite', () => {
  /** Reading a whole table, of which `held` is another name. The index of the unpublished events has nothing else. */
  const isScan = (detail: string) =>
    /^SCAN (Events|EventArchive|Commands|held)\b(?! USING INDEX IX_Events_UnpublishedByAge)/.test(detail);

  /** The statements of both apps, as they prepare them. */
  async function statements(): Promise<readonly string[]> {
    const { database } = await openDatabase(':memory:', systemRuntime);
    const prepared: string[] = [];
    const prepare = database.prepare.bind(database);
    database.prepare = (sql) => {
      prepared.push(sql);
      return prepare(sql);
    };
    new SqliteWriteStore(database, systemRuntime);
    sqliteSyncDatabase(database, systemRuntime);
    return prepared.filter((sql) => /\b(Events|EventLog|EventArchive|Commands)\b/.test(sql));
  }

  it('finds its rows by an index, whatever the length of the log', async () => {
    const { database } = await openDatabase(':memory:', systemRuntime);
    const found = await statements();
    const plans = found.map((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const scans = plans
      .flat()
      .map(({ detail }) => String(detail))
      .filter(isScan);
    database.close();
    expect(found.length).toBeGreaterThan(15);
    expect(scans).toEqual([]);
  });
});
