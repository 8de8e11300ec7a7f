import { once } from 'node:events';
import { claimDataFolder } from './data-folder.ts';
import { type LocalOptions, parseOptions } from './options.ts';

/** A program that runs. */
export interface Running {
  stop(): Promise<void>;
  /** Rejects when something that it cannot go on without has ended by itself. */
  readonly failed?: Promise<never>;
}

/**
 * Runs a command-line program until Ctrl-C (or SIGTERM), then stops it in good order. What is wrong with the options, or with
 * the start, is said in plain words.
 */
export async function runUntilStopped(help: string, start: (options: LocalOptions) => Promise<Running>): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  if (options.help) {
    console.log(help);
    return;
  }
  const stopping = stopSignal();
  const stopped = once(stopping, 'abort');
  try {
    const release = await claimDataFolder(options.data);
    const { stop, failed } = await start(options);
    await Promise.race([stopped, failed ?? stopped]).finally(async () => {
      console.log('\nStopping …');
      await stop();
      release();
    });
  } catch (error) {
    // Ctrl-C reaches the child processes too: what fails to start after it is no error.
    if (!stopping.aborted) {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    }
  }
  console.log('Stopped.');
  process.exit();
}

function readOptions(): LocalOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} Try --help.`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Aborts at the first Ctrl-C; a second one, for the impatient, ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort();
      process.once(signal, () => process.exit(130));
    });
  }
  return controller.signal;
}
