import { once } from 'node:events';
import { lockDataFolder } from './data-folder.ts';
import { type LocalOptions, parseOptions } from './options.ts';
import { createPrivateFiles, looseFolderWarning } from './private-files.ts';
import { explainFault } from './start-fault.ts';

/** A running program. */
export interface RunningProgram {
  stop(): Promise<void>;
  /** Rejects when a part that the program depends on has stopped unexpectedly. */
  readonly failed?: Promise<never>;
}

/**
 * Runs a command-line program until Ctrl-C (or SIGTERM), then stops it gracefully. Reports invalid options and startup errors
 * without a stack trace.
 * @param start may give up when the signal aborts
 */
export async function runUntilStopped(
  help: string,
  start: (options: LocalOptions, stopping: AbortSignal) => Promise<RunningProgram>,
  { runsFunctions = false }: { readonly runsFunctions?: boolean } = {},
): Promise<void> {
  const options = readOptions(runsFunctions);
  if (options === undefined) return;
  if (options.help) {
    console.log(help);
    return;
  }
  createPrivateFiles();
  endOnFolderFault(options.data);
  const stopping = stopSignal();
  const stopped = once(stopping, 'abort');
  try {
    const release = await lockDataFolder(options.data);
    await warnOfLooseFolder(options.data);
    const { stop, failed } = await start(options, stopping);
    await Promise.race([stopped, failed ?? stopped]).finally(async () => {
      console.log('\nStopping …');
      await stop();
      release();
    });
  } catch (error) {
    // Ctrl-C also reaches the child processes, so startup failures after it are expected.
    if (!stopping.aborted) {
      console.error(explainFault(error, options.data) ?? (error instanceof Error ? error.message : error));
      process.exit(1);
    }
  }
  console.log('Stopped.');
  process.exit();
}

async function warnOfLooseFolder(folder: string): Promise<void> {
  const warning = await looseFolderWarning(folder);
  if (warning !== undefined) console.warn(warning);
}

function readOptions(runsFunctions: boolean): LocalOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2), runsFunctions);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return undefined;
  }
}

/** Ends the program with one sentence when a stand-in can no longer write to the folder. Other errors keep their stack trace. */
function endOnFolderFault(folder: string): void {
  process.once('uncaughtException', (error) => {
    console.error(explainFault(error, folder) ?? error);
    process.exit(1);
  });
}

/** Aborts on the first Ctrl-C. A second one ends the process immediately. */
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
