import { parseCron } from './ncrontab.ts';
import { timeSpanToMs } from './time-span.ts';

export interface TimerSchedule {
  /** Undefined when there is no further time. */
  next(from: Date): Date | undefined;
}

/**
 * Reads a timer trigger's schedule: NCRONTAB, or a TimeSpan (`00:00:05`) as the time between two runs.
 * @throws {Error} a plain sentence when it is neither.
 */
export function timerSchedule(expression: string): TimerSchedule {
  const intervalMs = timeSpanToMs(expression);
  if (intervalMs === undefined) return parseCron(expression);
  if (intervalMs === 0) throw new Error(`The schedule '${expression}' must be more than nothing.`);
  return { next: (from) => new Date(from.getTime() + intervalMs) };
}
