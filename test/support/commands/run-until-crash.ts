import { fork } from 'node:child_process';
import { once } from 'node:events';
import { COMPILE_CACHE } from '../../../local/functions-host/spawn.ts';
import type { Batch } from '../projections/project-batch.ts';
import type { SentCommand } from './command-bus.ts';

/** What a crashing process does, and where it ends. */
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
  /** What it handles; without one it relays the outbox. */
  readonly command?: SentCommand;
}

/** Which batch a crashing process projects, and where it ends. */
export interface ProjectionCrash extends Batch {
  /** It ends after so many calls to Cosmos DB: reads, writes, pages of a query. */
  readonly lastCall: number;
}

/** How long (ms) a relay that crashed keeps others from the events it has claimed. */
export const LEASE_MS = 300;

/** Resolves to the signal that ended the process; null when it ended by itself. */
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
