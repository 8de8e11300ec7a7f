import type { Actor } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Clock } from '../../shared/runtime.ts';

/** Waits that a caller can have in this instance of the app at the same time. Each reads about once a second. */
const MAX_WAITS = 100;
/** Subscriptions that a caller can create in this instance of the app within a minute. */
const MAX_SUBSCRIPTIONS_PER_MINUTE = 120;
const MINUTE_MS = 60_000;

/** The limits of each caller in an instance of the app, so that one caller cannot exhaust shared resources. */
export interface CallerLimits {
  /** Runs work that waits. Throws Problem `throttled` when the caller already has too many waits, and the errors of `work`. */
  waiting<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result>;
  /** Counts a subscription. Throws Problem `throttled`. */
  subscribing(actor: Actor): void;
}

export function createCallerLimits({ monotonicMs: now }: Pick<Clock, 'monotonicMs'>): CallerLimits {
  const waits = new Map<string, number>();
  const subscriptions = new Map<string, number>();
  let minuteStartedAt = now();
  return {
    waiting: async ({ userId }, work) => {
      if (countOf(waits, userId) >= MAX_WAITS) {
        throw throttled(`Too many of your requests are waiting: at most ${MAX_WAITS} can wait at the same time.`, 1);
      }
      add(waits, userId, 1);
      try {
        return await work();
      } finally {
        add(waits, userId, -1);
      }
    },
    subscribing: ({ userId }) => {
      const sinceStart = now() - minuteStartedAt;
      if (sinceStart >= MINUTE_MS) {
        subscriptions.clear();
        minuteStartedAt = now();
      } else if (countOf(subscriptions, userId) >= MAX_SUBSCRIPTIONS_PER_MINUTE) {
        const detail = `Too many subscriptions: at most ${MAX_SUBSCRIPTIONS_PER_MINUTE} can be created within a minute.`;
        throw throttled(detail, Math.ceil((MINUTE_MS - sinceStart) / 1000));
      }
      add(subscriptions, userId, 1);
    },
  };
}

const countOf = (counts: ReadonlyMap<string, number>, key: string): number => counts.get(key) ?? 0;

/** Keeps no entry for a count of 0, so that the map does not grow with the number of callers. */
function add(counts: Map<string, number>, key: string, delta: number): void {
  const count = countOf(counts, key) + delta;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function throttled(detail: string, retryAfter: number): Problem {
  return new Problem('throttled', detail, { retryAfter });
}
