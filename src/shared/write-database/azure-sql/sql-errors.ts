/**
 * Out of locks, deadlock victim, lock not granted in time; a table that a migration changes under a snapshot; a connection that
 * broke while it signed in; a paused database that wakes up (42108, 42109); and Azure SQL's other transient faults:
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues and
 * https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconfigurableretryfactory.baselinetransienterrors
 */
const TRANSIENT_NUMBERS = new Set([
  64, 233, 997, 1204, 1205, 1222, 3961, 4060, 4221, 10053, 10054, 10060, 10928, 10929, 10936, 40143, 40197, 40501,
  40540, 40613, 42108, 42109, 49918, 49919, 49920,
]);
/** The driver's codes for a connection that broke, timed out or was found broken when a request took it from the pool. */
const TRANSIENT_CODES = new Set([
  'ETIMEOUT',
  'ESOCKET',
  'ECLOSE',
  'EINVALIDSTATE',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
]);

/** What one error of a chain says. */
export interface SqlError {
  readonly message: string;
  readonly number: number | undefined;
  readonly code: string | undefined;
}

/** True for faults that pass by themselves, so that the same request may succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  return errorChain(error).some(
    ({ number, code }) =>
      (number !== undefined && TRANSIENT_NUMBERS.has(number)) || (code !== undefined && TRANSIENT_CODES.has(code)),
  );
}

/** An error, those that the server sent before it (mssql: precedingErrors) and those it wraps (originalError, cause). */
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
