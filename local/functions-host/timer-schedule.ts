import { Cron } from 'croner';
import { timeSpanToMs } from './time-span.ts';

export interface TimerSchedule {
  /** Undefined when there is no further time. */
  next(from: Date): Date | undefined;
}

/**
 * NCRONTAB is `{second} {minute} {hour} {day} {month} {day-of-week}` in UTC; five fields start with the minute. Day and day of the
 * week must both match, and `5/10` means from 5 to the end in steps of 10:
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
const NCRONTAB = { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true, sloppyRanges: true } as const;

/**
 * Reads a timer trigger's schedule: NCRONTAB, or a TimeSpan (`00:00:05`) as the time between two runs.
 * @throws {Error} when it is neither.
 */
export function timerSchedule(expression: string): TimerSchedule {
  const intervalMs = timeSpanToMs(expression);
  if (intervalMs === 0) throw new Error(`The schedule '${expression}' must be longer than zero.`);
  if (intervalMs !== undefined) return { next: (from) => new Date(from.getTime() + intervalMs) };
  const cron = new Cron(expression, NCRONTAB);
  return { next: (from) => cron.nextRun(from) ?? undefined };
}
