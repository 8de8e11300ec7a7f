import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { RegisteredFunction } from './app-registry.ts';
import { connectionSetting, resolvePlaceholders } from './app-settings.ts';
import type { Binding, InvocationRequest, RetryContext } from './core-types.ts';
import type { TriggerHost, TriggerListener } from './listener.ts';
import { invokeWithRetries } from './retry-policy.ts';
import { whileLockHeld } from './singleton-lock.ts';
import { type TimerSchedule, timerSchedule } from './timer-schedule.ts';

const TimerBinding = z.object({ schedule: z.string(), runOnStartup: z.boolean().default(false) });
/** Node's limit for a timer: 31 bits of milliseconds. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

/**
 * Runs a timer-triggered function on schedule. A blob lease ensures that only one process runs it; runs never overlap.
 * @throws {Error} when the schedule is invalid or `AzureWebJobsStorage` is missing.
 */
export function timerListener(
  target: RegisteredFunction,
  bindingName: string,
  trigger: Binding,
  host: TriggerHost,
): TriggerListener {
  const binding = TimerBinding.parse(trigger);
  const schedule = timerSchedule(resolvePlaceholders(binding.schedule, host.settings));
  const connectionString = connectionSetting('AzureWebJobsStorage', host.settings);
  const stopping = new AbortController();
  let startupRun = binding.runOnStartup;
  let running = Promise.resolve();

  const run = async (last: Date | undefined) => {
    const next = schedule.next(new Date());
    await invokeWithRetries(target.metadata.retryOptions, stopping.signal, (retryContext) =>
      host.invoker.invoke(target, () => timerRequest(bindingName, { last, next }, retryContext)),
    );
  };
  const runOnSchedule = async (ended: AbortSignal) => {
    if (startupRun) await run(undefined);
    startupRun = false;
    await followSchedule(schedule, ended, run);
  };

  return {
    start() {
      const lock = { name: target.metadata.name, connectionString, stopping: stopping.signal, log: host.log };
      running = whileLockHeld(lock, runOnSchedule);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function followSchedule(
  schedule: TimerSchedule,
  ended: AbortSignal,
  run: (last: Date | undefined) => Promise<void>,
): Promise<void> {
  let last: Date | undefined;
  while (!ended.aborted) {
    const next = schedule.next(new Date());
    await sleepUntil(next, ended);
    if (ended.aborted) return;
    await run(last);
    last = next;
  }
}

/** Waits until aborted when `time` is undefined. */
async function sleepUntil(time: Date | undefined, signal: AbortSignal): Promise<void> {
  const end = time?.getTime() ?? Number.POSITIVE_INFINITY;
  while (Date.now() < end && !signal.aborted) {
    await sleep(Math.min(end - Date.now(), MAX_SLEEP_MS), undefined, { signal }).catch(() => undefined);
  }
}

function timerRequest(
  bindingName: string,
  { last, next }: { readonly last: Date | undefined; readonly next: Date | undefined },
  retryContext: RetryContext | undefined,
): InvocationRequest {
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: last ?? new Date(0), LastUpdated: last ?? new Date(0), Next: next },
    IsPastDue: false,
  };
  return {
    inputData: [{ name: bindingName, data: { json: JSON.stringify(timer) } }],
    ...(retryContext && { retryContext }),
  };
}
