import type { TokenCredential } from '@azure/identity';
import type { ConnectionPool, config } from 'mssql';

/** Connections of one process: a command holds one for about two round trips, so few serve many requests. */
const POOL = { min: 0, max: 16, idleTimeoutMillis: 60_000, acquireTimeoutMillis: 10_000 };
const CONNECT_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * The driver's settings for a SQL Server connection string. Traffic is encrypted and the certificate checked; a server on
 * this machine may have one that it signed itself. A string with a password signs in with it, in the way the string says;
 * otherwise the credential's Entra token does.
 * @param parse the driver's own parser of connection strings
 * @throws when there is neither a password nor a credential
 */
export function connectionOptions(
  connectionString: string,
  parse: typeof ConnectionPool.parseConnectionString,
  { appName, tokenCredential }: { readonly appName: string; readonly tokenCredential?: TokenCredential | undefined },
): config {
  const parsed = parse(connectionString);
  return {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...parsed,
    ...authentication(parsed, tokenCredential),
    pool: { ...POOL, ...parsed.pool },
    // the state of the socket; the default asks the server before every request, a round trip more
    validateConnection: 'socket',
    options: {
      ...parsed.options,
      appName,
      encrypt: true,
      trustServerCertificate: isLoopback(parsed.server),
      useUTC: true,
    },
  };
}

function authentication({ password }: config, credential: TokenCredential | undefined): Pick<config, 'authentication'> {
  if (password !== undefined) return {};
  if (credential !== undefined) return { authentication: { type: 'token-credential', options: { credential } } };
  throw new Error('The SQL connection string has no password, and there is no credential to sign in with.');
}

function isLoopback(server: string): boolean {
  return server === 'localhost' || server === '::1' || server.startsWith('127.');
}
