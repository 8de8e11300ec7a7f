import { errorChain } from '../../../shared/write-database/azure-sql/sql-errors.ts';
import type { CommitOutcome } from '../write-store.ts';

/** https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
const UNIQUE_VIOLATIONS = new Set([2601, 2627]);
const CHECK_VIOLATION = 547;
/** String or binary data would be truncated (with and without the column's name); arithmetic overflow. */
const UNSTORABLE = new Set([2628, 8152, 220, 8115]);
/** The errors that the procedures throw. */
const THROWN: ReadonlyMap<number, CommitOutcome> = new Map([
  // The version to replace or the customer's data key no longer exists.
  [51001, { outcome: 'conflict' }],
  // orders.CheckOpenDrafts
  [51006, { outcome: 'refused', constraint: 'drafts' }],
  // orders.CheckDiscontinued
  [51009, { outcome: 'refused', constraint: 'discontinued' }],
]);

/** Outcomes by lower-case constraint name. Constraints fire in the order of the procedure's statements. */
const UNIQUE_OUTCOMES: readonly (readonly [string, CommitOutcome])[] = [
  ['pk_commands', { outcome: 'duplicate' }],
  ['pk_events', { outcome: 'conflict' }],
  ['pk_customerkeys', { outcome: 'conflict' }],
];
const CHECK_OUTCOMES: readonly (readonly [string, CommitOutcome])[] = [
  ['ck_products_availablenotnegative', { outcome: 'refused', constraint: 'stock' }],
  ['ck_customers_creditwithinlimit', { outcome: 'refused', constraint: 'credit' }],
];

/** Maps the error of a rejected commit to its outcome. Returns undefined when the error is a fault. */
export function toCommitOutcome(error: unknown): CommitOutcome | undefined {
  for (const { number, message } of errorChain(error)) {
    if (number === undefined) continue;
    const thrown = THROWN.get(number);
    if (thrown !== undefined) return thrown;
    const names = quotedNames(message);
    const found = outcomesOf(number).find(([constraint]) => names.includes(constraint));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** True when a value does not fit into its column, so that no retry can succeed. */
export function isUnstorable(error: unknown): boolean {
  return errorChain(error).some(({ number }) => number !== undefined && UNSTORABLE.has(number));
}

function outcomesOf(number: number): readonly (readonly [string, CommitOutcome])[] {
  if (UNIQUE_VIOLATIONS.has(number)) return UNIQUE_OUTCOMES;
  return number === CHECK_VIOLATION ? CHECK_OUTCOMES : [];
}

/**
 * The first two names that a message quotes, in lower case: those of the constraint or index and of its table. The rest of the message
 * may be a client's text, such as the duplicate key at the end of errors 2601 and 2627.
 */
function quotedNames(message: string): readonly string[] {
  const quoted = [...message.matchAll(/["']([^"']+)["']/g)].slice(0, 2);
  return quoted.map(([, name = '']) => name.toLowerCase());
}
