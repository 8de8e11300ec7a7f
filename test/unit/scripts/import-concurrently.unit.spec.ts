import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { concurrently } from '../../../scripts/import/concurrently.ts';

const never = new AbortController().signal;
const ITEMS = [1, 2, 3, 4, 5];

describe('concurrently', () => {
  it('processes every item once', async () => {
    const done: number[] = [];
    await concurrently(ITEMS, { limit: 2, signal: never }, async (item) => {
      await turn();
      done.push(item);
    });
    expect(done.toSorted()).toEqual(ITEMS);
  });

  it('processes as many items at a time as its limit', async () => {
    let running = 0;
    let maximum = 0;
    await concurrently(ITEMS, { limit: 2, signal: never }, async () => {
      running += 1;
      maximum = Math.max(maximum, running);
      await turn();
      running -= 1;
    });
    expect(maximum).toBe(2);
  });

  it('finishes the running items before it throws the first error', async () => {
    const done: number[] = [];
    const work = concurrently(ITEMS, { limit: 2, signal: never }, async (item) => {
      if (item === 1) throw new Error('broken');
      await turn();
      done.push(item);
    });
    await expect(work).rejects.toThrow('broken');
    expect(done).toEqual([2]);
  });

  it('starts no new item once it is aborted', async () => {
    const interrupt = new AbortController();
    const done: number[] = [];
    await concurrently(ITEMS, { limit: 1, signal: interrupt.signal }, async (item) => {
      done.push(item);
      if (item === 2) interrupt.abort();
    });
    expect(done).toEqual([1, 2]);
  });
});
