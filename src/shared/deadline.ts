import type { Clock } from './runtime.ts';

/** The time by which some work must have ended. */
export interface Deadline {
  /** Milliseconds until then; negative afterwards. */
  remainingMs(): number;
  /** Throws `DeadlineExceeded` when the time is over. */
  throwIfOver(): void;
}

/** The work has not ended in time. What it has started may still take effect. */
export class DeadlineExceeded extends Error {
  constructor(limitMs: number) {
    super(`The work has not ended within ${limitMs} ms.`);
    this.name = 'DeadlineExceeded';
  }
}

/**
 * Runs work under a deadline. Settles as the work does, or rejects with `DeadlineExceeded` when the time is over. The work itself
 * is not interrupted: it asks the deadline before each further step.
 * @param limitMs milliseconds from now
 */
export async function withDeadline<Result>(
  limitMs: number,
  { monotonicMs, timer }: Pick<Clock, 'monotonicMs' | 'timer'>,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const endsAt = monotonicMs() + limitMs;
  const remainingMs = () => endsAt - monotonicMs();
  const throwIfOver = () => {
    if (remainingMs() <= 0) throw new DeadlineExceeded(limitMs);
  };
  return withinLimit(
    limitMs,
    timer,
    () => work({ remainingMs, throwIfOver }),
    () => new DeadlineExceeded(limitMs),
  );
}

/**
 * Settles as the work does, or rejects when it has not settled in time.
 * @param limitMs milliseconds from now
 * @param tooLate the error to reject with then
 */
export async function withinLimit<Result>(
  limitMs: number,
  timer: Clock['timer'],
  work: () => Promise<Result>,
  tooLate: () => Error,
): Promise<Result> {
  const over = Promise.withResolvers<never>();
  const cancel = timer(limitMs, () => over.reject(tooLate()));
  try {
    return await Promise.race([work(), over.promise]);
  } finally {
    cancel();
  }
}
