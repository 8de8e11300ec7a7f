import type { TokenCredential } from '@azure/identity';
import sql from 'mssql';
import { connectionOptions } from './connection-options.ts';

/**
 * A pool that has reached its server once; throws otherwise.
 * @param overrides what this pool's requests need otherwise than a command's
 */
export async function openPool(
  connectionString: string,
  tokenCredential?: TokenCredential,
  overrides: Pick<sql.config, 'requestTimeout'> = {},
): Promise<sql.ConnectionPool> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const options = connectionOptions(connectionString, parse, tokenCredential);
  const pool = new sql.ConnectionPool({ ...options, ...overrides });
  // An idle connection that breaks leaves the pool; the request that meets a broken one fails by itself, so nothing is lost.
  pool.on('error', (error: Error) => console.warn(`A connection to the write database broke: ${error.message}`));
  return pool.connect();
}
