import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A stand-in in a process of its own, with its data in memory. */
interface StandIn {
  readonly connectionString: string;
  stop(): Promise<void>;
}

export async function startStandIn(which: 'event-hubs' | 'cosmos-db', options: object = {}): Promise<StandIn> {
  const program = join(import.meta.dirname, '../../test/fixtures/stand-in.ts');
  const child = fork(program, [which, JSON.stringify({ port: 0, ...options })]);
  const ended = once(child, 'exit');
  const failed = ended.then(() => Promise.reject(new Error('The stand-in has ended.')));
  failed.catch(() => undefined); // it ends when it is stopped, too
  const [connectionString] = await Promise.race([once(child, 'message'), failed]);
  return {
    connectionString: String(connectionString),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
