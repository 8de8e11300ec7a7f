import { once } from 'node:events';
import * as z from 'zod';
import { type CpuProfile, cpuProfile } from './cpu-profile.ts';

/** V8's CPU profiler in another process. */
export interface Profiler {
  /** Records a profile of the main thread while some work is done. */
  record(work: () => Promise<unknown>): Promise<CpuProfile>;
  close(): void;
}

/** Half of V8's default, so that a short recording has enough samples. */
const SAMPLING_INTERVAL_US = 500;

const recorded = z.object({ result: z.object({ profile: cpuProfile }) });

/**
 * Connects to the profiler of a process that was started with `--inspect`.
 * @param output what the process has printed, with the address of its debugger
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
 */
export async function openProfiler(output: string): Promise<Profiler> {
  const [, url = ''] = /Debugger listening on (ws:\S+)/.exec(output) ?? [];
  const socket = new WebSocket(url);
  await once(socket, 'open');
  // There is one call at a time, and the profiler sends nothing but answers.
  const call = async (method: string, params = {}): Promise<unknown> => {
    const answered = once(socket, 'message');
    socket.send(JSON.stringify({ id: 1, method, params }));
    const [{ data }] = await answered;
    return JSON.parse(data);
  };
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  return {
    record: async (work) => {
      await call('Profiler.start');
      await work();
      return recorded.parse(await call('Profiler.stop')).result.profile;
    },
    close: () => socket.close(),
  };
}
