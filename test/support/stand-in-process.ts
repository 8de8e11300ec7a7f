import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { forkStandIn } from './fork-stand-in.ts';

export interface StandInProcess {
  readonly connectionString: string;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts a stand-in in a process of its own, which ends with the test at the latest. */
export async function startStandIn(which: 'event-hubs' | 'cosmos-db', options: object): Promise<StandInProcess> {
  const { ready, kill } = forkStandIn(which, options);
  onTestFinished(kill);
  return { connectionString: await ready, kill };
}

/** A path for a file in a folder of its own, which is removed when the test ends. */
export async function temporaryFile(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, name);
}
