import { isSqliteError } from '../../../shared/write-database/sqlite/sqlite-errors.ts';
import type { CommitOutcome } from '../write-store.ts';

/** Result codes: https://sqlite.org/rescode.html. */
const SQLITE_TOOBIG = 18;
const SQLITE_CONSTRAINT_CHECK = 275;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;

/** The row to replace or the customer's data key has changed since the command was decided. */
export class StaleVersion extends Error {}

/** The customer of a new draft would have too many open drafts. */
export class TooManyDrafts extends Error {}

/** The order takes units of a discontinued product. */
export class TakenDiscontinued extends Error {}

/** Maps the error of a rejected commit to its outcome. Returns undefined when the error is a fault. */
export function toCommitOutcome(error: unknown): CommitOutcome | undefined {
  if (error instanceof StaleVersion) return { outcome: 'conflict' };
  if (error instanceof TooManyDrafts) return { outcome: 'refused', constraint: 'drafts' };
  if (error instanceof TakenDiscontinued) return { outcome: 'refused', constraint: 'discontinued' };
  if (!isSqliteError(error)) return undefined;
  switch (error.errcode) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return primaryKeyOutcome(error.message);
    case SQLITE_CONSTRAINT_CHECK:
      return checkOutcome(error.message);
    default:
      return undefined;
  }
}

/** True when a value is larger than SQLite can store, so that no retry can succeed. */
export function isUnstorable(error: unknown): boolean {
  return isSqliteError(error) && error.errcode === SQLITE_TOOBIG;
}

/** SQLite names the columns of a key: "UNIQUE constraint failed: Commands.CommandId". */
function primaryKeyOutcome(message: string): CommitOutcome | undefined {
  if (message.includes('Commands.CommandId')) return { outcome: 'duplicate' };
  if (message.includes('Events.AggregateType')) return { outcome: 'conflict' };
  if (message.includes('CustomerKeys.CustomerId')) return { outcome: 'conflict' };
  return undefined;
}

/** SQLite names the CHECK constraint: "CHECK constraint failed: CK_…". */
function checkOutcome(message: string): CommitOutcome | undefined {
  if (message.includes('CK_Products_AvailableNotNegative')) return { outcome: 'refused', constraint: 'stock' };
  if (message.includes('CK_Customers_CreditWithinLimit')) return { outcome: 'refused', constraint: 'credit' };
  return undefined;
}
