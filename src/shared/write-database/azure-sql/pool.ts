import type { TokenCredential } from '@azure/identity';
import sql from 'mssql';
import { connectionOptions } from './connection-options.ts';

export interface PoolOptions {
  /** Application name that the server shows for the connections. */
  readonly appName: string;
  /** Signs in when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
  /** Request timeout in milliseconds. Defaults to the timeout for commands. */
  readonly requestTimeout?: number;
}

/** Opens a pool and connects to the server. Throws when the server is unavailable or rejects the login. */
export async function openPool(
  connectionString: string,
  { appName, tokenCredential, ...overrides }: PoolOptions,
): Promise<sql.ConnectionPool> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const options = connectionOptions(connectionString, parse, { appName, tokenCredential });
  const pool = new sql.ConnectionPool({ ...options, ...overrides });
  // The pool removes an idle connection that breaks. A request on a broken connection fails with its own error, so logging is enough.
  pool.on('error', (error: Error) => console.warn(`A connection to the write database broke: ${error.message}`));
  return pool.connect();
}
