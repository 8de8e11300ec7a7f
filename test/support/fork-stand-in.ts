import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A stand-in in a process of its own. */
export interface ForkedStandIn {
  /** The connection string; rejects when the stand-in ends before it is ready. */
  readonly ready: Promise<string>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts a stand-in in a process of its own, which runs until it is killed. */
export function forkStandIn(which: 'event-hubs' | 'cosmos-db', options: object): ForkedStandIn {
  const child = fork(join(import.meta.dirname, '../fixtures/stand-in.ts'), [which, JSON.stringify(options)]);
  const ended = once(child, 'exit');
  const first = Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('The stand-in ended before it was ready.'))),
  ]);
  return {
    ready: first.then(([connectionString]) => String(connectionString)),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
