import { constants, getPriority, setPriority } from 'node:os';
import { LOCAL_BUNDLE } from '../scripts/bundle/options.ts';
import type { FunctionSummary } from './functions-host/function-list.ts';
import { type FunctionsHostOptions, type FunctionsHostProcess, spawnFunctionsHost } from './functions-host/spawn.ts';

/** The apps of `npm start`, in two processes. */
export interface AppProcesses {
  /** The port of the process that answers all requests. */
  readonly port: number;
  readonly functions: readonly FunctionSummary[];
  /** Resolves when a process has exited for any reason. */
  readonly ended: Promise<unknown>;
  /** Stops the processes gracefully. Resolves when both have exited. */
  stop(): Promise<void>;
}

export type AppProcessesOptions = Omit<FunctionsHostOptions, 'main' | 'otherPort'>;

/**
 * How much lower the priority of the sync app is than that of this process: half the step from normal to below normal. When the CPU is
 * busy, its main thread gets a third of the time of a thread with the priority of this process. On Windows, the step is too small to matter.
 */
const LOWER_BY = 5;

/**
 * Starts the command and the query app in one process, and the sync app in another one of a lower priority, so that projections do not
 * delay requests (docs/decisions/0042-two-processes-of-apps.md). The first process listens on the port and forwards requests for
 * the sync app.
 * @param options `inspectPort` is the debugger's port of the first process; the sync app gets the next one
 * @throws {Error} as `spawnFunctionsHost` does, when one of them cannot start
 */
export async function spawnApps(options: AppProcessesOptions): Promise<AppProcesses> {
  const { inspectPort, port, pagesPort, ...shared } = options;
  const { print, release } = heldBack(options.onOutput);
  const startingSync = spawnFunctionsHost({
    ...shared,
    main: bundles('sync'),
    ...(inspectPort !== undefined && { inspectPort: inspectPort === 0 ? 0 : inspectPort + 1 }),
    ...(print !== undefined && { onOutput: print }),
  });
  const startingHttp = spawnFunctionsHost({
    ...options,
    main: bundles('{commands,queries}'),
    otherPort: startingSync.then((sync) => sync.port),
  });
  startingHttp.then(release, () => undefined);
  const [http, sync] = await allStarted([startingHttp, startingSync]);
  lowerPriority(sync);
  return {
    port: http.port,
    functions: [...http.functions, ...forwarded(sync.functions, http)],
    ended: Promise.race([http.ended, sync.ended]),
    stop: () => stopAll([http, sync]),
  };
}

function lowerPriority({ pid }: FunctionsHostProcess): void {
  try {
    setPriority(pid, Math.min(getPriority() + LOWER_BY, constants.priority.PRIORITY_LOW));
  } catch {
    // The process has just exited, which `ended` reports.
  }
}

const bundles = (apps: string): string => `${LOCAL_BUNDLE.outdir}/${apps}/index.cjs`;

/** Resolves when all processes run. If any cannot start, stops the others and throws the first error. */
async function allStarted<Processes extends readonly Promise<FunctionsHostProcess>[]>(
  starting: readonly [...Processes],
): Promise<{ readonly [Index in keyof Processes]: FunctionsHostProcess }> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    const settled = await Promise.allSettled(starting);
    await stopAll(settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : [])));
    throw error;
  }
}

const stopAll = async (processes: readonly FunctionsHostProcess[]): Promise<void> => {
  await Promise.all(processes.map((one) => one.stop()));
};

/** The functions of the sync app, with the URLs at which clients reach them. Leaves out its health functions: every app has its own. */
function forwarded(functions: readonly FunctionSummary[], http: FunctionsHostProcess): readonly FunctionSummary[] {
  const answered = new Set(http.functions.map(({ name }) => name));
  return functions
    .filter(({ name }) => !answered.has(name))
    .map(({ url, ...summary }) => ({
      ...summary,
      ...(url !== undefined && { url: url.replace(/:\d+/, `:${http.port}`) }),
    }));
}

/** Holds lines back until they are released, so that only one process reports a reason for which neither can start. */
function heldBack(print: ((text: string) => void) | undefined) {
  if (print === undefined) return { print: undefined, release: () => undefined };
  let held: string[] | undefined = [];
  return {
    print: (text: string) => {
      if (held === undefined) print(text);
      else held.push(text);
    },
    release: () => {
      for (const text of held ?? []) print(text);
      held = undefined;
    },
  };
}
