import type { TokenCredential } from '@azure/identity';
import sql from 'mssql';
import { connectionOptions } from './connection-options.ts';

export interface PoolOptions {
  /** Whose connections these are, as the server lists them. */
  readonly appName: string;
  /** Signs in when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
  /** Milliseconds that a request may take, where it needs more than a command's. */
  readonly requestTimeout?: number;
}

/** A pool that has reached its server once; throws otherwise. */
export async function openPool(
  connectionString: string,
  { appName, tokenCredential, ...overrides }: PoolOptions,
): Promise<sql.ConnectionPool> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const options = connectionOptions(connectionString, parse, { appName, tokenCredential });
  const pool = new sql.ConnectionPool({ ...options, ...overrides });
  // An idle connection that breaks leaves the pool; the request that meets a broken one fails by itself, so nothing is lost.
  pool.on('error', (error: Error) => console.warn(`A connection to the write database broke: ${error.message}`));
  return pool.connect();
}
