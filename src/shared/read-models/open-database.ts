import { CosmosClient, type CosmosClientOptions, type Database } from '@azure/cosmos';
import type { Connection } from '../config.ts';
import { appCredential } from '../credential.ts';

/** The client waits out a throttled request itself for at most this long (s) before the caller hears of it. */
const MAX_RETRY_WAIT_SECONDS = 9;

/**
 * Opens the read database. Nothing is sent before the first use.
 * @param consistency of reads, where it is to be less than the account's: a strong read costs twice as much
 */
export function openReadDatabase(
  connection: Connection,
  databaseName: string,
  consistency?: 'Session',
): { database: Database; close(): void } {
  const client = new CosmosClient({
    ...credentials(connection),
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
  if (connection.kind === 'connectionString') return { connectionString: connection.connectionString };
  return { endpoint: connection.endpoint, aadCredentials: appCredential(connection.clientId) };
}
