import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Runtime } from './runtime.ts';

/** The clock and the randomness of the machine. Only entry points may import it. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  delay: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
  timer: (ms, callback) => {
    if (ms === 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timeout = setTimeout(callback, ms);
    return () => clearTimeout(timeout);
  },
  random: () => Math.random(),
  newId: randomUUID,
  randomBytes,
};
