import { watch } from 'node:fs';
import { type AppProcesses, type AppProcessesOptions, spawnApps } from './app-processes.ts';
import type { Bundles } from './bundles.ts';

/** The functions of `npm start`: bundled from the sources, and run in separate processes. */
export interface LocalFunctions {
  /** The processes as they first started. */
  readonly apps: Pick<AppProcesses, 'port' | 'functions'>;
  /** Rejects when a process stops unexpectedly. Never rejects while sources are watched: the next change restarts the processes. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface LocalFunctionsOptions extends AppProcessesOptions {
  /** Bundles and restarts the functions when a source file changes. */
  readonly watch: boolean;
  /** Prints a line about a restart. */
  readonly say: (line: string) => void;
}

/** Starts the functions, and disposes the bundles when they are no longer needed. Throws as `spawnApps` does. */
export async function startFunctions(bundles: Bundles, options: LocalFunctionsOptions): Promise<LocalFunctions> {
  const spawn = (port = options.port) => spawnApps({ ...options, ...(port !== undefined && { port }) });
  if (!options.watch) await bundles.dispose();
  const first = await spawn();
  const failed = options.watch ? new Promise<never>(() => undefined) : stoppedUnexpectedly(first);
  let current: AppProcesses | undefined = first;
  const stopWatching = options.watch
    ? onChanges('src', async (file) => {
        const started = performance.now();
        try {
          await bundles.write();
        } catch {
          return; // esbuild has printed why. The functions keep running as they are.
        }
        options.say(`${file} changed: restarting the functions …`);
        await current?.stop();
        current = await spawn(first.port).catch(() => undefined); // the host has printed why
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        if (current !== undefined) options.say(`The functions run again after ${seconds} s.`);
      })
    : async () => undefined;
  return {
    apps: first,
    failed,
    stop: async () => {
      await stopWatching();
      if (options.watch) await bundles.dispose();
      await current?.stop();
    },
  };
}

async function stoppedUnexpectedly({ ended }: AppProcesses): Promise<never> {
  await ended;
  throw new Error('The functions host stopped unexpectedly.');
}

/** Editors write a file in several steps: wait this long (ms) for the last one. */
const SETTLE_MS = 50;

/**
 * Calls back with the name of a changed file, one call at a time; changes during a call lead to one more. Returns a function that
 * stops this and waits for a running call.
 */
function onChanges(folder: string, callback: (file: string) => Promise<void>): () => Promise<void> {
  let changed: string | undefined;
  let running = Promise.resolve();
  const run = async () => {
    const file = changed;
    changed = undefined;
    if (file !== undefined) await callback(file);
  };
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (changed === undefined) setTimeout(() => (running = running.then(run)), SETTLE_MS);
    changed = `${folder}/${name}`;
  });
  return async () => {
    watcher.close();
    changed = undefined;
    await running;
  };
}
