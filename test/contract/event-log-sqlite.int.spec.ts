import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { COUNT } from '../../src/sync/database/sqlite-event-log.ts';
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

  it('reads no more of the index than the events that it counts, and never a whole table', () => {
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${COUNT}`)
      .all({ from: 0, maxCounted: 10 })
      .map(({ detail }) => String(detail));
    const ofEvents = plan.filter((detail) => /\bEvents\b/.test(detail));
    expect(ofEvents).toEqual([
      'SEARCH Events USING COVERING INDEX IX_Events_RecordedAt (RecordedAt>?)',
      'SEARCH Events', // the greatest row id
      'SEARCH Events USING COVERING INDEX IX_Events_RecordedAt (RecordedAt>?)',
    ]);
    expect(plan.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});
