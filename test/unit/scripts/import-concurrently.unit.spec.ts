import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { concurrently } from '../../../scripts/import/concurrently.ts';

const never = new AbortController().signal;
const ITEMS = [1, 2, 3, 4, 5];

describe('concurrent work', () => {
  it('does every item once', async () => {
    const done: number[] = [];
    await concurrently(ITEMS, { limit: 2, signal: never }, async (item) => {
      await turn();
      done.push(item);
    });
    expect(done.toSorted()).toEqual(ITEMS);
  });

  it('has as many items under way as its limit', async () => {
    let running = 0;
    let most = 0;
    await concurrently(ITEMS, { limit: 2, signal: never }, async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    expect(most).toBe(2);
  });

  it('finishes what is under way before it throws the first error', async () => {
    const done: number[] = [];
    const work = concurrently(ITEMS, { limit: 2, signal: never }, async (item) => {
      if (item === 1) throw new Error('broken');
      await turn();
      done.push(item);
    });
    await expect(work).rejects.toThrow('broken');
    expect(done).toEqual([2]);
  });

  it('begins nothing new once aborted', async () => {
    const interrupt = new AbortController();
    const done: number[] = [];
    await concurrently(ITEMS, { limit: 1, signal: interrupt.signal }, async (item) => {
      done.push(item);
      if (item === 2) interrupt.abort();
    });
    expect(done).toEqual([1, 2]);
  });
});
