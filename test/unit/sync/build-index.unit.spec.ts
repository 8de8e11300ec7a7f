import { describe, expect, it } from 'vitest';
import { type IndexNames, NO_INDEX } from '../../../src/shared/search/index-names.ts';
import { type BuildDependencies, buildIndex } from '../../../src/sync/search/build-index.ts';

const RECORD = { partitionKey: 'order-1', id: 'order-1' };

/** A list with one record, whose indexes are in memory. */
function memory() {
  const indexes = new Map<string, readonly string[]>();
  let names: IndexNames = NO_INDEX;
  let version = 0;
  let time = 0;
  let faults = 0;
  const depsOf = (wanted: string): BuildDependencies => ({
    wanted,
    store: {
      names: async () => ({ names, etag: String(version) }),
      saveNames: async (next) => {
        if (next.building !== null && faults-- > 0) throw new Error('The names cannot be written.');
        names = next;
        return String(++version);
      },
      pending: async () => [],
      removePending: async () => undefined,
    },
    service: {
      exists: async (name) => indexes.has(name),
      create: async (name) => void indexes.set(name, []),
      delete: async (name) => void indexes.delete(name),
    },
    page: async () => ({ records: [RECORD], next: null }),
    index: async ([record], name) => {
      indexes.set(name, [record?.id ?? '']);
      return new Map();
    },
    now: () => time,
  });
  return {
    indexes,
    names: () => names,
    /** Makes the next write fail that says that an index is being filled. */
    fail: () => {
      faults = 1;
    },
    /** Runs the timer, two minutes after its last run. */
    run: async (wanted: string) => {
      time += 120_000;
      await buildIndex(depsOf(wanted), time + 10_000);
    },
  };
}

describe('an index that was created when the write of its name failed', () => {
  it('is filled by the next run', async () => {
    const { run, fail, indexes, names } = memory();
    fail();
    await expect(run('orders-v1-1')).rejects.toThrow('cannot be written');
    await run('orders-v1-1');
    expect([[...indexes], names().serving]).toEqual([[['orders-v1-1', ['order-1']]], 'orders-v1-1']);
  });

  it('is deleted when another index is wanted afterwards', async () => {
    const { run, fail, indexes, names } = memory();
    fail();
    await expect(run('orders-v1-1')).rejects.toThrow('cannot be written');
    await run('orders-v1-2');
    await run('orders-v1-2');
    expect([[...indexes.keys()], names().replaced]).toEqual([['orders-v1-2'], []]);
  });

  it('is filled although it has the name of one that was deleted by somebody', async () => {
    const { run, fail, indexes } = memory();
    await run('orders-v1-1');
    indexes.clear();
    fail();
    await expect(run('orders-v1-1')).rejects.toThrow('cannot be written');
    await run('orders-v1-1');
    expect(indexes.get('orders-v1-1')).toEqual(['order-1']);
  });
});

it('is the only index, and has no name left over, when it is complete', async () => {
  const { run, indexes, names } = memory();
  await run('orders-v1-1');
  await run('orders-v1-1');
  expect([[...indexes.keys()], names()]).toEqual([['orders-v1-1'], { ...NO_INDEX, serving: 'orders-v1-1' }]);
});
