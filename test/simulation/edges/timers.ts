import { InvocationContext } from '@azure/functions';
import { timerSchedule } from '../../../local/functions-host/timer-schedule.ts';
import type { TimerFunction } from '../../../src/shared/functions/app-function.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';

/** Kinds of faults of the lock that keeps a timer to one process. */
export const TIMER_FAULTS = { 'timer runs in two processes': 0.05 };

/** Until when (simulated ms) a process holds the lock of a timer, by the timer's name. */
export type TimerLocks = Map<string, { readonly owner: string; readonly until: number }>;

/** Time (ms) after which another process takes over a lock. The holder renews it at each run. */
const LOCK_MS = 60_000;

/** A schedule, and its times that were found: by the second in which somebody asked. All runs start at the same time. */
interface Schedule {
  readonly times: ReturnType<typeof timerSchedule>;
  readonly next: Map<number, number>;
}

const schedules = new Map<string, Schedule>();

/** What running timers needs. */
export interface TimerHost {
  readonly world: World;
  readonly process: Process;
  readonly locks: TimerLocks;
}

/** Runs a timer in one process at a time, as the host does, until the process ends. Runs never overlap. */
export async function runTimer(host: TimerHost, { name, options }: TimerFunction): Promise<void> {
  const { world, process } = host;
  const context = new InvocationContext({
    functionName: name,
    logHandler: (level, ...args) => {
      if (level !== 'information') world.note(process.name, `${name} logs: ${args.join(' ')}`);
    },
  });
  while (process.isAlive) {
    await process.runtime.delay(untilNext(options.schedule, world.time));
    if (!lock(host, name)) continue;
    try {
      await options.handler(TIMER, context);
    } catch (error) {
      world.note(process.name, `${name} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Milliseconds until the schedule's next time. Schedules are in whole seconds. */
function untilNext(expression: string, now: number): number {
  const schedule = schedules.get(expression) ?? { times: timerSchedule(expression), next: new Map<number, number>() };
  schedules.set(expression, schedule);
  const second = Math.floor(now / 1_000);
  const next = schedule.next.get(second) ?? schedule.times.next(new Date(now))?.getTime();
  if (next === undefined) throw new Error(`The schedule ${expression} ends.`);
  schedule.next.set(second, next);
  return next - now;
}

/** Takes the lock of a timer. Returns false when another process holds it. */
function lock({ world, process, locks }: TimerHost, name: string): boolean {
  const held = locks.get(name);
  const isHeld = held !== undefined && held.owner !== process.name && held.until > world.passed;
  if (isHeld && !world.fault('timer runs in two processes', process.name, name)) return false;
  locks.set(name, { owner: process.name, until: world.passed + LOCK_MS });
  return true;
}

/** What a handler gets about its schedule. The apps do not use it. */
const TIMER = {
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last: '', next: '', lastUpdated: '' },
};
