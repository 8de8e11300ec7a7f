import type { TokenCredential } from '@azure/identity';
import sql from 'mssql';
import type { Runtime } from '../../runtime.ts';
import { connectionOptions } from './connection-options.ts';
import { Reconnection } from './reconnection.ts';

export interface PoolOptions {
  /** Application name that the server shows for the connections. */
  readonly appName: string;
  /** Signs in when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
  /** Request timeout in milliseconds. Defaults to the timeout for commands. */
  readonly requestTimeout?: number;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>;
}

/** Returns the driver's settings of a pool. Throws when there is neither a password nor a credential. */
export function poolSettings(
  connectionString: string,
  { appName, tokenCredential, ...overrides }: Omit<PoolOptions, 'runtime'>,
): sql.config {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  return { ...connectionOptions(connectionString, parse, { appName, tokenCredential }), ...overrides };
}

/**
 * Opens a pool and connects to the server, for programs that run once. The apps use `sqlDatabase`, which reconnects.
 * @throws {DatabaseUnavailable} when the server is unavailable or rejects the login, with the driver's error as its cause
 */
export async function openPool(
  connectionString: string,
  { runtime, ...options }: PoolOptions,
): Promise<sql.ConnectionPool> {
  const pool = new sql.ConnectionPool(poolSettings(connectionString, options));
  // The pool removes an idle connection that breaks. A request on a broken connection fails with its own error, so logging is enough.
  pool.on('error', (error: Error) => console.warn(`A connection to the write database broke: ${error.message}`));
  const reconnection = new Reconnection({ connect: () => pool.connect(), log: () => undefined, runtime });
  try {
    await reconnection.ready();
  } finally {
    await reconnection.close();
  }
  return pool;
}
