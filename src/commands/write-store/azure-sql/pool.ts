import type { TokenCredential } from '@azure/identity';
import sql from 'mssql';
import { connectionOptions } from './connection-options.ts';

/** A pool that has reached its server once; throws otherwise. */
export async function openPool(
  connectionString: string,
  tokenCredential?: TokenCredential,
): Promise<sql.ConnectionPool> {
  const parse = (text: string) => sql.ConnectionPool.parseConnectionString(text);
  const pool = new sql.ConnectionPool(connectionOptions(connectionString, parse, tokenCredential));
  // An idle connection that breaks leaves the pool; the request that meets a broken one fails by itself, so nothing is lost.
  pool.on('error', (error: Error) => console.warn(`A connection to the write database broke: ${error.message}`));
  return pool.connect();
}
