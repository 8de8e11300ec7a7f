import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commitPath, readSnapshot } from '../../../src/shared/lake/delta/read-snapshot.ts';
import { ORDERS } from '../../../src/shared/lake/tables.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { capturedPath, captureFile, fillOnce, published, rowsOf } from '../../support/lake/lake-tables.ts';
import { type MemoryLake, memoryLake } from '../../support/lake/memory-lake.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 20);
/** The files of a table by kind of name. */
const logOf = (lake: MemoryLake) => lake.paths().filter((path) => path.startsWith('orders/_delta_log/'));
const dataOf = (lake: MemoryLake) => lake.paths().filter((path) => /^orders\/part-/.test(path));

/** A table after commits, each of one new order a day. */
async function tableAfter(commits: number, { startsAt = START, step = DAY_MS } = {}): Promise<MemoryLake> {
  const [captured, tables] = [memoryLake(), memoryLake()];
  for (let index = 0; index < commits; index++) {
    const now = startsAt + index * step;
    tables.setTime(now);
    const time = new Date(now).toISOString().slice(0, 19).replaceAll(/\D/g, '/');
    const placedAt = new Date(now).toISOString();
    const events = [published(orderEvent(`order-${index}`, 1, { placedAt }))];
    await captured.write(capturedPath(`${time}/0`), await captureFile(events));
    await fillOnce(captured, tables, { ...systemRuntime, now: () => now });
  }
  return tables;
}

/** A table whose log has these commits, as another writer would leave it. */
async function tableWith(...commits: readonly (readonly object[])[]): Promise<MemoryLake> {
  const lake = memoryLake();
  for (const [version, actions] of commits.entries()) {
    const lines = actions.map((action) => JSON.stringify(action)).join('\n');
    await lake.write(commitPath('table', version), Buffer.from(`${lines}\n`));
  }
  return lake;
}

const protocol = (minReaderVersion: number) => ({ protocol: { minReaderVersion, minWriterVersion: 2 } });
const add = (path: string) => ({
  add: { path, partitionValues: {}, size: 1, modificationTime: START, dataChange: true },
});
const remove = (path: string) => ({ remove: { path, deletionTimestamp: START, dataChange: true } });

describe('the log of another writer', () => {
  it.each([
    ['added', [[add('a'), add('b')]], ['a', 'b'], []],
    ['removed', [[add('a'), add('b')], [remove('a')]], ['b'], ['a']],
    ['removed and added again', [[add('a')], [remove('a')], [add('a')]], ['a'], []],
    ['removed without having been added', [[remove('a')]], [], ['a']],
  ])('has the files that were %s', async (_how, commits, files, tombstones) => {
    const snapshot = await readSnapshot(await tableWith([protocol(1)], ...commits), 'table');
    expect(snapshot.version).toBe(commits.length);
    expect([...snapshot.files.keys()]).toEqual(files);
    expect([...snapshot.tombstones.keys()]).toEqual(tombstones);
  });

  it('may have actions and fields that are not known here', async () => {
    const unknown = [{ cdc: { path: 'c' } }, { commitInfo: { timestamp: START, engineInfo: 'other' } }];
    const lake = await tableWith([protocol(1), ...unknown, { add: { ...add('a').add, clusteringProvider: 'other' } }]);
    expect([...(await readSnapshot(lake, 'table')).files.keys()]).toEqual(['a']);
  });

  it('is refused when it needs a newer reader', async () => {
    await expect(readSnapshot(await tableWith([protocol(3)]), 'table')).rejects.toThrow('needs a reader of version 3');
  });
});

/** https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions, closed, so that a field of our own is noticed */
const strings = z.record(z.string(), z.string());
const line = z.union([
  z.strictObject({ commitInfo: z.looseObject({ timestamp: z.int(), operation: z.string() }) }),
  z.strictObject({ protocol: z.strictObject({ minReaderVersion: z.literal(1), minWriterVersion: z.literal(2) }) }),
  z.strictObject({
    metaData: z.strictObject({
      id: z.uuid(),
      name: z.string(),
      format: z.strictObject({ provider: z.literal('parquet'), options: strings }),
      schemaString: z.string(),
      partitionColumns: z.array(z.string()),
      createdTime: z.int(),
      configuration: strings,
    }),
  }),
  z.strictObject({ txn: z.strictObject({ appId: z.string(), version: z.int(), lastUpdated: z.int() }) }),
  z.strictObject({
    add: z.strictObject({
      path: z.string(),
      partitionValues: strings,
      size: z.int(),
      modificationTime: z.int(),
      dataChange: z.boolean(),
      stats: z.string(),
      tags: strings,
    }),
  }),
  z.strictObject({
    remove: z.strictObject({
      path: z.string(),
      deletionTimestamp: z.int(),
      dataChange: z.boolean(),
      extendedFileMetadata: z.literal(true),
      partitionValues: strings,
      size: z.int(),
    }),
  }),
]);

describe('the log of our tables', () => {
  it('has actions of the protocol, one a line, a commit for each version without gaps', async () => {
    const lake = await tableAfter(3, { step: 60_000 });
    const commits = logOf(lake);
    expect(commits).toEqual([0, 1, 2].map((version) => `orders/_delta_log/0000000000000000000${version}.json`));
    for (const path of commits) {
      const lines = String(await lake.read(path))
        .trimEnd()
        .split('\n')
        .map((text) => line.parse(JSON.parse(text)));
      expect(lines[0]).toHaveProperty('commitInfo');
    }
  });

  it('has the same state with a checkpoint as without it', async () => {
    const lake = await tableAfter(13, { step: 60_000 });
    expect(logOf(lake)).toContain('orders/_delta_log/00000000000000000010.checkpoint.parquet');
    const withCheckpoint = await readSnapshot(lake, ORDERS.name);
    await lake.remove('orders/_delta_log/_last_checkpoint');
    const { files, tombstones, ...others } = await readSnapshot(lake, ORDERS.name);
    const unchanged = (file: object) => ({ ...file, dataChange: false });
    const plain = (map: ReadonlyMap<string, object>) =>
      [...map.values()]
        .map(unchanged)
        .map((file) => JSON.stringify(file))
        .toSorted();
    expect(withCheckpoint).toMatchObject({ version: others.version, protocol: others.protocol });
    expect(withCheckpoint.metaData).toEqual(others.metaData);
    expect([...withCheckpoint.transactions].toSorted()).toEqual([...others.transactions].toSorted());
    expect([...withCheckpoint.files.keys()].toSorted()).toEqual([...files.keys()].toSorted());
    expect([...withCheckpoint.tombstones.keys()].toSorted()).toEqual([...tombstones.keys()].toSorted());
    expect(plain(withCheckpoint.files)).toHaveLength(files.size);
  });

  it('needs few requests to be read, however long it is', async () => {
    const lake = await tableAfter(25, { step: 60_000 });
    lake.requests.length = 0;
    await readSnapshot(lake, ORDERS.name);
    expect(lake.requests).toHaveLength(2 + 4 + 1);
  });
});

describe('the maintenance of a table', () => {
  it('removes replaced files a day later, and never before', async () => {
    const lake = await tableAfter(11, { step: 60_000 });
    // Each commit has replaced the file of the day.
    expect(dataOf(lake)).toHaveLength(11);
    const later = await tableAfter(31, { step: DAY_MS / 10 });
    const { files, tombstones } = await readSnapshot(later, ORDERS.name);
    expect(dataOf(later).length).toBeLessThanOrEqual(files.size + tombstones.size);
    expect(await rowsOf(ORDERS, later)).toHaveLength(31);
  });

  it('removes the files of a commit that was lost, a day later', async () => {
    const lake = await tableAfter(1);
    lake.setTime(START);
    await lake.write('orders/part-lost.snappy.parquet', Buffer.alloc(1));
    expect(dataOf(lake)).toContain('orders/part-lost.snappy.parquet');
    const { maintainTable } = await import('../../../src/sync/lake/maintain-table.ts');
    const maintain = (now: number) =>
      maintainTable(ORDERS, { files: lake, runtime: { ...systemRuntime, now: () => now }, warn: () => undefined });
    await maintain(START + DAY_MS - 1);
    expect(dataOf(lake)).toContain('orders/part-lost.snappy.parquet');
    await maintain(START + DAY_MS);
    expect(dataOf(lake)).not.toContain('orders/part-lost.snappy.parquet');
    expect(await rowsOf(ORDERS, lake)).toHaveLength(1);
  });

  it('removes the log before a checkpoint of a week ago', async () => {
    const lake = await tableAfter(31);
    const log = logOf(lake);
    expect(log).not.toContain('orders/_delta_log/00000000000000000009.json');
    expect(log).toContain('orders/_delta_log/00000000000000000020.checkpoint.parquet');
    expect((await readSnapshot(lake, ORDERS.name)).version).toBeGreaterThanOrEqual(30);
    expect(await rowsOf(ORDERS, lake)).toHaveLength(31);
  });

  it('puts the files of a month together once it is settled, and still finds the orders of its days', async () => {
    const lake = await tableAfter(31, { step: 3 * DAY_MS });
    const { files } = await readSnapshot(lake, ORDERS.name);
    const buckets = [...files.values()].map(({ tags }) => tags?.bucket);
    expect(buckets).toContain('2026-01');
    expect(files.size).toBeLessThan(31);
    expect(await rowsOf(ORDERS, lake)).toHaveLength(31);
    const captured = memoryLake();
    const now = START + 93 * DAY_MS;
    const time = new Date(now).toISOString().slice(0, 19).replaceAll(/\D/g, '/');
    const changed = orderEvent('order-0', 2, { placedAt: new Date(START).toISOString(), status: 'cancelled' });
    await captured.write(capturedPath(`${time}/0`), await captureFile([published(changed)]));
    await fillOnce(captured, lake, { ...systemRuntime, now: () => now });
    const rows = await rowsOf(ORDERS, lake);
    expect(rows).toHaveLength(31);
    expect(rows[0]).toMatchObject({ order_id: 'order-0', status: 'cancelled' });
  });
});
