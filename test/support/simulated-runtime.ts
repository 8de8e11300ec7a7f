import type { Runtime } from '../../src/shared/runtime.ts';

/** A runtime whose time passes only when a test says so, and whose random numbers and ids follow from a seed. */
export interface SimulatedRuntime extends Runtime {
  /** Lets time pass: runs the timers that are due by then, each at its time, and what follows from it. */
  pass(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** The monotonic time at the start (ms). Not 0, which lru-cache takes for an unknown time. */
const UPTIME_MS = 1;

/** Creates a runtime. The clock starts at `startsAt` (ms since 1970). A timer of 0 ms runs without waiting for `pass`. */
export function simulatedRuntime({ startsAt = Date.UTC(2026, 0, 15, 10, 30), seed = 1 } = {}): SimulatedRuntime {
  const timers = new Set<Timer>();
  let passed = 0;

  const timer: Runtime['timer'] = (ms, callback) => {
    if (ms === 0) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const added = { at: passed + ms, callback };
    timers.add(added);
    return () => void timers.delete(added);
  };

  const pass = async (ms: number) => {
    const until = passed + ms;
    await pendingWork();
    for (let due = firstDue(timers, until); due !== undefined; due = firstDue(timers, until)) {
      timers.delete(due);
      passed = due.at;
      due.callback();
      await pendingWork();
    }
    passed = until;
  };

  return {
    now: () => startsAt + passed,
    monotonicMs: () => UPTIME_MS + passed,
    delay: delayBy(timer),
    timer,
    pass,
    ...seededChance(seed),
  };
}

/** Resolves when everything that is ready to run has run. */
const pendingWork = () => new Promise((resolve) => setImmediate(resolve));

/** Delays on a timer. */
export const delayBy =
  (timer: Runtime['timer']): Runtime['delay'] =>
  (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const cancel = timer(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });

/** The earliest timer that is due; of several at the same time, the one that was set first. */
function firstDue(timers: ReadonlySet<Timer>, until: number): Timer | undefined {
  return [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
}

/** Random numbers, bytes and ids that follow from a seed. */
export function seededChance(seed: number): Pick<Runtime, 'random' | 'newId' | 'randomBytes'> {
  const random = mulberry32(seed);
  const randomBytes = (length: number) => {
    const bytes = Buffer.alloc(length);
    for (let index = 0; index < length; index++) bytes[index] = Math.floor(random() * 256);
    return bytes;
  };
  const newId = () => {
    const hex = randomBytes(16).toString('hex');
    const [first, second, third] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)];
    return `${first}-${second}-4${third}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return { random, newId, randomBytes };
}

/** A small generator of random numbers with 32 bits of state (public domain, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A monotonic clock on which a delay ends at once and advances the time. */
export function instantTime(): Pick<Runtime, 'monotonicMs' | 'delay'> {
  let passed = UPTIME_MS;
  return {
    monotonicMs: () => passed,
    delay: async (ms) => {
      passed += ms;
    },
  };
}
