import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of a peer, started by {@link startProcess}. */
export interface PeerProcess {
  readonly pid: number;
  /** The address that the program reported when it was ready. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Longer than any program takes to stop, in milliseconds. */
const STOP_LIMIT_MS = 20_000;

/**
 * Starts a program that calls {@link reportReady}, and resolves when it is ready. It ends when this process ends.
 * @param file relative to this folder
 * @throws {Error} with what the program printed, when it ends before it is ready
 */
export async function startProcess(file: string, args: readonly string[]): Promise<PeerProcess> {
  const child = fork(new URL(file, import.meta.url), args, {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2_000);
    });
  }
  const ended = once(child, 'exit');
  const [address] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error(`${file} ended before it was ready: ${output.trim()}`))),
  ]);
  return { pid: child.pid ?? 0, address: String(address), stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(timer);
}

/**
 * Reports to the parent process that this program is ready, and ends the program when the parent stops it or ends itself.
 * @param address a URL, a connection string, or JSON that the parent expects
 * @param close releases what the program holds before it ends
 */
export function reportReady(address: string, close: () => Promise<void>): void {
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.(address);
}
