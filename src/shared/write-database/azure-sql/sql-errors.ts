/**
 * Out of locks, deadlock victim, lock timeout; a procedure that a migration replaced after the call had started (2801); a table
 * that a migration changed during a snapshot transaction; a connection that broke during login; a paused database that is resuming
 * (42108, 42109); and Azure SQL's other transient faults:
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues and
 * https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconfigurableretryfactory.baselinetransienterrors
 */
const TRANSIENT_NUMBERS = new Set([
  64, 233, 997, 1204, 1205, 1222, 2801, 3961, 4060, 4221, 10053, 10054, 10060, 10928, 10929, 10936, 40143, 40197, 40501,
  40540, 40613, 42108, 42109, 49918, 49919, 49920,
]);
/** The driver's codes for a connection that broke, timed out, or was already broken when a request took it from the pool. */
const TRANSIENT_CODES = new Set([
  'ETIMEOUT',
  'ESOCKET',
  'ECLOSE',
  'EINVALIDSTATE',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
]);

/** Codes of errors after which an immediate retry cannot help, whatever caused them. */
const PERMANENT_CODES = new Set(['EENCRYPT', 'EUNAVAILABLE']);
/** The driver's codes for a connection that broke. */
const BROKEN_CODES = new Set(['ESOCKET', 'ECLOSE', 'EINVALIDSTATE', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE']);
/** The database is moving to another server, or has just moved: it closes its connections. */
const RECONFIGURED_NUMBERS = new Set([40143, 40197, 40540, 40613]);
/** The driver's code for a pool that is closed. */
const NOT_OPEN = 'ENOTOPEN';

/** One error in a chain. */
export interface SqlError {
  readonly message: string;
  readonly number: number | undefined;
  readonly code: string | undefined;
}

/** True for transient faults, after which the same request may succeed when it is retried. */
export function isTransient(error: unknown): boolean {
  const chain = errorChain(error);
  if (chain.some(({ code }) => code !== undefined && PERMANENT_CODES.has(code))) return false;
  return chain.some(
    ({ number, code }) =>
      (number !== undefined && TRANSIENT_NUMBERS.has(number)) || (code !== undefined && TRANSIENT_CODES.has(code)),
  );
}

/** True when the server itself has refused a login or request with the number of a transient fault. */
export function hasTransientNumber(error: unknown): boolean {
  return errorChain(error).some(({ number }) => number !== undefined && TRANSIENT_NUMBERS.has(number));
}

/** True when a connection broke or could not be opened, so that others may be broken too. A request that timed out is not one. */
export function isConnectionFault(error: unknown): boolean {
  const chain = errorChain(error);
  if (chain[0]?.code === NOT_OPEN) return false;
  if (error instanceof Error && error.name === 'ConnectionError') return true;
  return chain.some(
    ({ number, code }) =>
      (number !== undefined && RECONFIGURED_NUMBERS.has(number)) || (code !== undefined && BROKEN_CODES.has(code)),
  );
}

/**
 * Returns an error, the errors that the server sent before it (mssql: precedingErrors) and those it wraps (originalError, cause).
 */
export function errorChain(error: unknown): readonly SqlError[] {
  if (!(error instanceof Error)) return [];
  const preceding: unknown = Reflect.get(error, 'precedingErrors');
  const number: unknown = Reflect.get(error, 'number');
  const code: unknown = Reflect.get(error, 'code');
  const own = {
    message: error.message,
    number: typeof number === 'number' ? number : undefined,
    code: typeof code === 'string' ? code : undefined,
  };
  return [
    own,
    ...(Array.isArray(preceding) ? preceding.flatMap(errorChain) : []),
    ...errorChain(Reflect.get(error, 'originalError')),
    ...errorChain(error.cause),
  ];
}
