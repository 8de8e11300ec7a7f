import { describe, expect, it } from 'vitest';
import { expiringCache } from '../../../src/shared/personal-data/expiring-cache.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const SECOND = 1_000;

describe('a cache of data keys', () => {
  it('has nothing in memory five minutes after the last entry was added, although nobody asks for one', async () => {
    const clock = simulatedRuntime();
    const cache = expiringCache<string>(10, clock);
    cache.set('ada', 'key');
    await clock.pass(17 * SECOND);
    cache.set('bob', 'key');
    expect(cache.size()).toBe(2);
    await clock.pass(300 * SECOND);
    expect(cache.size()).toBe(0);
  });

  it('removes an entry within five minutes while others are newer', async () => {
    const clock = simulatedRuntime();
    const cache = expiringCache<string>(10, clock);
    cache.set('ada', 'key');
    await clock.pass(200 * SECOND);
    cache.set('bob', 'key');
    await clock.pass(100 * SECOND);
    expect([cache.size(), cache.get('ada'), cache.get('bob')]).toEqual([1, undefined, 'key']);
  });

  it('serves an entry for some minutes, until it is deleted', async () => {
    const clock = simulatedRuntime();
    const cache = expiringCache<string>(10, clock);
    cache.set('ada', 'key');
    await clock.pass(240 * SECOND);
    expect(cache.get('ada')).toBe('key');
    cache.delete('ada');
    expect([cache.get('ada'), cache.size()]).toEqual([undefined, 0]);
  });

  it('has a maximum of entries', () => {
    const cache = expiringCache<string>(1, simulatedRuntime());
    cache.set('ada', 'key');
    cache.set('bob', 'key');
    expect([cache.get('ada'), cache.get('bob')]).toEqual([undefined, 'key']);
  });

  it('has one timer while it has entries, and none while it is empty', async () => {
    const clock = simulatedRuntime();
    let timers = 0;
    const timer: typeof clock.timer = (ms, callback) => {
      timers++;
      return clock.timer(ms, () => {
        timers--;
        callback();
      });
    };
    const cache = expiringCache<string>(10, { ...clock, timer });
    cache.set('ada', 'key');
    cache.set('bob', 'key');
    expect(timers).toBe(1);
    await clock.pass(31 * SECOND);
    expect(timers).toBe(1);
    await clock.pass(300 * SECOND);
    expect(timers).toBe(0);
  });
});
