import { CosmosClient, type CosmosClientOptions, type Database, type RequestOptions } from '@azure/cosmos';
import type { Connection } from '../config/connection.ts';
import { appCredential } from '../credential.ts';
import { accountWithKey } from './account-key.ts';
import { tracedHttpClient } from './traced-http-client.ts';

/** How long (s) the client retries a throttled request before it reports an error. */
const MAX_RETRY_WAIT_SECONDS = 9;

/** Options of a read whose consistency is not the client's. */
export type ReadConsistency = Pick<RequestOptions, 'consistencyLevel'>;

/** For a read that sees every earlier write. It costs twice as many request units as one at Session consistency. */
export const STRONG: ReadConsistency = { consistencyLevel: 'Strong' };

/**
 * Opens the read database. Nothing is sent until the first use.
 * @param consistency of reads, to relax the account's consistency: a strong read costs twice as many request units
 */
export function openReadDatabase(
  connection: Connection,
  databaseName: string,
  consistency?: 'Session',
): { database: Database; close(): void } {
  const client = new CosmosClient({
    ...credentials(connection),
    httpClient: tracedHttpClient(),
    ...(consistency !== undefined && { consistencyLevel: consistency }),
    connectionPolicy: {
      retryOptions: {
        maxRetryAttemptCount: 9,
        fixedRetryIntervalInMilliseconds: 0,
        maxWaitTimeInSeconds: MAX_RETRY_WAIT_SECONDS,
      },
      requestTimeout: 10_000,
    },
  });
  return { database: client.database(databaseName), close: () => client.dispose() };
}

function credentials(connection: Connection): CosmosClientOptions {
  if (connection.kind === 'connectionString') return accountWithKey(connection.connectionString);
  return { endpoint: connection.endpoint, aadCredentials: appCredential(connection.clientId) };
}
