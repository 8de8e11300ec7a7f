import { fork } from 'node:child_process';
import { once } from 'node:events';
import { COMPILE_CACHE } from '../../../local/compile-cache.ts';
import type { Batch } from '../projections/project-batch.ts';
import type { SentCommand } from './command-bus.ts';

/** What a process does, and at which step it crashes. */
export interface CrashAssignment {
  readonly step:
    | 'after the load'
    | 'inside the transaction'
    | 'after the commit'
    | 'after the claim'
    | 'after the sending'
    | 'before the marking'
    | 'after the marking';
  /** The write store's file. */
  readonly file: string;
  /** Connection string. */
  readonly eventHubs: string;
  /** The command to handle. */
  readonly command?: SentCommand;
  /** True: the process cancels the orders that nobody has confirmed. Without this and a command, it relays the outbox. */
  readonly expires?: true;
}

/** Which batch a process projects, and at which call it crashes. */
export interface ProjectionCrash extends Batch {
  /** The number of calls to Cosmos DB (reads, writes, pages of a query) after which it crashes. */
  readonly lastCall: number;
}

/** Lease (ms) for which a crashed relay keeps the events that it has claimed. No test runs for as long. */
export const LEASE_MS = 3_600_000;

/** Resolves to the signal that ended the process, or null if it exited on its own. */
export const runUntilCrash = (assignment: CrashAssignment): Promise<unknown> => run('./crash-points.ts', assignment);
export const projectUntilCrash = (crash: ProjectionCrash): Promise<unknown> =>
  run('../projections/projection-crash.ts', crash);

async function run(file: string, assignment: unknown): Promise<unknown> {
  const program = new URL(file, import.meta.url);
  const env = { ...process.env, ...COMPILE_CACHE };
  const child = fork(program, [JSON.stringify(assignment)], { silent: true, env });
  const [, signal] = await once(child, 'exit');
  return signal;
}
