import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { processTree } from '../../../bench/measuring/process-tree.ts';
import { COMPILE_CACHE } from '../../../local/compile-cache.ts';
import { eventually } from './api-client.ts';

/** A command-line program in its own process group, as in a terminal. */
export interface Program {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves once the text is printed; rejects when the program exits first. */
  printed(text: string): Promise<void>;
  /** Ctrl-C: SIGINT to every process of the group. */
  interrupt(): void;
  /** Resolves to the exit code. */
  ended(): Promise<number | null>;
  /** All running processes that it has started, directly or indirectly. */
  descendants(): readonly number[];
  /** Kills it if it still runs. */
  kill(): Promise<void>;
}

/** Starts `node <args>` in a folder, by default the repository's. */
export function runNode(args: readonly string[], cwd = '.'): Program {
  const child = spawn(process.execPath, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...COMPILE_CACHE, ...process.env },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const closed = once(child, 'close');
  const interrupt = () => process.kill(-pidOf(child), 'SIGINT');
  return {
    pid: pidOf(child),
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    printed: async (text) => {
      await eventually(
        () => ({ ...output, exitCode: child.exitCode }),
        ({ stdout, exitCode }) => stdout.includes(text) || exitCode !== null,
      );
      if (!output.stdout.includes(text)) throw new Error(`It ended without "${text}": ${JSON.stringify(output)}`);
    },
    interrupt,
    ended: async () => {
      await closed;
      return child.exitCode;
    },
    descendants: () =>
      processTree([pidOf(child)])
        .slice(1)
        .map(({ pid }) => pid),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('The program could not be started.');
  return pid;
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
