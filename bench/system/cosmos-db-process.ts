import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The stand-in for Cosmos DB in a process of its own, with its data in memory. */
export interface CosmosDbProcess {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in for Cosmos DB on a free port, in a process of its own so that its CPU time is not counted.
 * @throws {Error} when it ends before it is ready
 */
export async function startCosmosDbProcess(): Promise<CosmosDbProcess> {
  const program = join(import.meta.dirname, '../../test/fixtures/stand-in.ts');
  const child = fork(program, ['cosmos-db', JSON.stringify({ port: 0 })]);
  const ended = once(child, 'exit');
  const [connectionString] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('The stand-in ended before it was ready.'))),
  ]);
  return {
    connectionString: String(connectionString),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
