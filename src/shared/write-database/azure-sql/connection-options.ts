import type { TokenCredential } from '@azure/identity';
import type { ConnectionPool, config } from 'mssql';
import { connectorTo, isLoopback } from './connector.ts';
import { keepLoginErrors } from './login-errors.ts';

/** Connection pool of one process. A command uses a connection for about two round trips, so a few serve many requests. */
const POOL = { min: 0, max: 16, idleTimeoutMillis: 60_000, acquireTimeoutMillis: 10_000 };
const CONNECT_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** The default of Microsoft's drivers. Larger packets need memory that SQL Server allocates in several pages. */
const PACKET_BYTES = 8_000;

/** The driver's parser of connection strings knows only yes and no. */
const STRICT = /(?:^|;)\s*encrypt\s*=\s*strict\s*(?:;|$)/i;

/** The driver's parser of connection strings knows this value in lower case only. */
const READ_ONLY = /(?:^|;)\s*application\s*intent\s*=\s*readonly\s*(?:;|$)/i;

/**
 * Returns the driver's settings for a SQL Server connection string. Traffic is encrypted and the certificate is verified. A
 * server on this machine may use a self-signed certificate or no encryption. `Encrypt=Strict` starts TLS before anything else
 * (TDS 8) and verifies every certificate. A connection string with a password authenticates as it specifies; otherwise the
 * credential's Entra token is used.
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
    // check only the socket: the default queries the server before every request, which costs another round trip
    validateConnection: 'socket',
    beforeConnect: keepLoginErrors,
    options: {
      packetSize: PACKET_BYTES,
      ...parsed.options,
      appName,
      readOnlyIntent: READ_ONLY.test(connectionString),
      encrypt: STRICT.test(connectionString) ? 'strict' : true,
      trustServerCertificate: isLoopback(parsed.server),
      connector: connectorTo(parsed.server),
      // each connection would retry for itself; `Reconnection` does it once for all
      maxRetriesOnTransientErrors: 0,
      useUTC: true,
    },
  };
}

function authentication({ password }: config, credential: TokenCredential | undefined): Pick<config, 'authentication'> {
  if (password !== undefined) return {};
  if (credential !== undefined) return { authentication: { type: 'token-credential', options: { credential } } };
  throw new Error('The SQL connection string has no password, and there is no credential to sign in with.');
}
