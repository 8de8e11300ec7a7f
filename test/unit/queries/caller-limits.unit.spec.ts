import { describe, expect, it } from 'vitest';
import { createCallerLimits } from '../../../src/queries/reading/caller-limits.ts';
import type { Actor } from '../../../src/shared/auth/authenticate.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const caller = (userId: string): Actor => ({ userId, roles: new Set(['customer']), customerId: userId });
const [ada, grace] = [caller('ada'), caller('grace')];

/** A wait that a test ends. */
function openWait() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { work: () => promise, end: resolve, fail: reject };
}

describe('the waits of a caller', () => {
  it('are at most a hundred at the same time, and do not count for others', async () => {
    const limits = createCallerLimits(simulatedRuntime());
    const wait = openWait();
    const waiting = Array.from({ length: 100 }, () => limits.waiting(ada, wait.work));
    await expect(limits.waiting(ada, wait.work)).rejects.toMatchObject({
      code: 'throttled',
      status: 429,
      retryAfter: 1,
    });
    const others = limits.waiting(grace, wait.work);
    wait.end('arrived');
    expect(new Set(await Promise.all([...waiting, others]))).toEqual(new Set(['arrived']));
  });

  it('no longer count once they have ended, with a result or an error', async () => {
    const limits = createCallerLimits(simulatedRuntime());
    for (let round = 0; round < 101; round++) {
      await limits.waiting(ada, async () => 'arrived');
      await expect(limits.waiting(ada, () => Promise.reject(new Error('503')))).rejects.toThrow('503');
    }
  });
});

describe('the subscriptions of a caller', () => {
  it('are at most 120 within a minute, and do not count for others', async () => {
    const runtime = simulatedRuntime();
    const limits = createCallerLimits(runtime);
    const subscribe = (actor: Actor) => () => limits.subscribing(actor);
    await runtime.pass(15_000);
    for (let count = 0; count < 120; count++) subscribe(ada)();
    expect(subscribe(ada)).toThrow(expect.objectContaining({ code: 'throttled', retryAfter: 45 }));
    expect(subscribe(grace)).not.toThrow();
    await runtime.pass(45_000);
    expect(subscribe(ada)).not.toThrow();
  });
});
