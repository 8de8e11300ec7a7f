import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { PORT_OPTIONS } from './ports.ts';
import { isRunning, type Program, runNode } from './program.ts';

/** What `npm start` prints first, and what both programs print last. */
export const STARTING = 'Starting the functions and the stand-ins for Azure …\n';
export const READY = 'Ctrl-C stops it';

/** Lets a file's tests run the programs of `local/` on data folders of its own. */
export function localPrograms() {
  let folder: string;
  let running: Program | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'start-'));
  });
  afterEach(() => running?.kill());
  afterAll(() => rm(folder, { recursive: true }));
  const start = (file: string, data: string, ports: Readonly<Record<string, number>> = {}): Program => {
    const options = PORT_OPTIONS.flatMap((option) => [option, String(ports[option] ?? 0)]);
    return runNode([`local/${file}`, ...options, '--data', join(folder, data)]);
  };
  return {
    /** A path in the folder that contains the data folders. */
    pathOf: (...path: readonly string[]): string => join(folder, ...path),
    /** Starts a program on a data folder, and on free ports except for the given ones. */
    start,
    /** Starts a program that ends with the test at the latest. */
    run: (...program: Parameters<typeof start>): Program => {
      running = start(...program);
      return running;
    },
  };
}

/**
 * Finds the process of a program's functions host that runs an app.
 * @param app part of the path of its bundle, such as `sync`; by default, any app
 */
export const hostOf = (program: Program, app = ''): number | undefined =>
  program.descendants().find((pid) => new RegExp(`functions-host.* --main \\S*${app}`).test(commandOf(pid)));

/** The command line of a process; empty when it has ended. */
const commandOf = (pid: number): string =>
  spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;

/** Sends Ctrl-C and expects exit code 0, no error output and no process left. */
export async function expectCleanExit(program: Program): Promise<void> {
  const processes = program.descendants();
  program.interrupt();
  expect([await program.ended(), program.stderr()]).toEqual([0, '']);
  expect(processes.filter(isRunning)).toEqual([]);
}

/** The printed commands that a user can paste into a shell, with their order id or one from an earlier start. */
export function printedCommands(program: Program, inPlaceOf?: string) {
  const lines = program.stdout().split('\n');
  const curls = lines.filter((line) => line.startsWith('curl '));
  const printedId = /"orderId":"([0-9a-f-]{36})"/.exec(curls[0] ?? '')?.[1] ?? '';
  const orderId = inPlaceOf ?? printedId;
  return {
    token: lines.find((line) => line.startsWith('TOKEN=')) ?? '',
    curls: curls.map((line) => line.replaceAll(printedId, orderId)),
    orderId,
  };
}

/** Places and reads an order with the printed commands. */
export async function tryCommands(program: Program) {
  const { token, curls, orderId } = printedCommands(program);
  const placed = await runInShell(`${token}; ${curls[0]}`);
  const read = await runInShell(`${token}; ${curls[1]}`);
  return { orderId, placed, read };
}

/** Runs a `curl -i` command in a shell and returns the status and JSON body that it printed. */
export async function runInShell(command: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command]);
  const [head = '', body = ''] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}
