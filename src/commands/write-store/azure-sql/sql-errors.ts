import type { CommitOutcome } from '../write-store.ts';

/** https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
const UNIQUE_VIOLATIONS = new Set([2601, 2627]);
const CHECK_VIOLATION = 547;
/** Thrown by the procedures when the version to replace is gone. */
const STALE_VERSION = 51001;

/** By lower-case name of the constraint; the order in which they would fire is that of the procedure's statements. */
const UNIQUE_OUTCOMES: readonly (readonly [string, CommitOutcome])[] = [
  ['pk_commands', { outcome: 'duplicate' }],
  ['pk_events', { outcome: 'conflict' }],
];
const CHECK_OUTCOMES: readonly (readonly [string, CommitOutcome])[] = [
  ['ck_products_availablenotnegative', { outcome: 'refused', constraint: 'stock' }],
  ['ck_customers_creditwithinlimit', { outcome: 'refused', constraint: 'credit' }],
];

/**
 * Deadlock victim; a table that a migration changes under a snapshot; and Azure SQL's transient faults:
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues
 */
const TRANSIENT_NUMBERS = new Set([
  1205, 3961, 4060, 4221, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920,
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

interface SqlError {
  readonly message: string;
  readonly number: number | undefined;
  readonly code: string | undefined;
}

/** The outcome that a refused commit stands for; undefined when the error is a fault. */
export function toCommitOutcome(error: unknown): CommitOutcome | undefined {
  for (const { number, message } of errorChain(error)) {
    if (number === undefined) continue;
    if (number === STALE_VERSION) return { outcome: 'conflict' };
    const named = message.toLowerCase();
    const outcomes = outcomesOf(number);
    const found = outcomes.find(([constraint]) => isNamed(named, constraint));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** True for faults that pass by themselves, so that the same request may succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  return errorChain(error).some(
    ({ number, code }) =>
      (number !== undefined && TRANSIENT_NUMBERS.has(number)) || (code !== undefined && TRANSIENT_CODES.has(code)),
  );
}

function outcomesOf(number: number): readonly (readonly [string, CommitOutcome])[] {
  if (UNIQUE_VIOLATIONS.has(number)) return UNIQUE_OUTCOMES;
  return number === CHECK_VIOLATION ? CHECK_OUTCOMES : [];
}

/** The whole name: no letter, digit or underscore goes on before or behind it. */
function isNamed(message: string, constraint: string): boolean {
  return new RegExp(`(?<!\\w)${constraint}(?!\\w)`).test(message);
}

/** An error, those that the server sent before it (mssql: precedingErrors) and those it wraps (originalError, cause). */
function errorChain(error: unknown): readonly SqlError[] {
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
