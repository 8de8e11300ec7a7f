import { isSqliteError } from '../../../shared/write-database/sqlite/sqlite-errors.ts';
import type { CommitOutcome } from '../write-store.ts';

/** Result codes: https://sqlite.org/rescode.html. */
const SQLITE_CONSTRAINT_CHECK = 275;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;

/** The row to replace, or the customer's data key, is not the one that the command was decided on. */
export class StaleVersion extends Error {}

/** The outcome that a refused commit stands for; undefined when the error is a fault. */
export function toCommitOutcome(error: unknown): CommitOutcome | undefined {
  if (error instanceof StaleVersion) return { outcome: 'conflict' };
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

/** SQLite names the columns of a key: "UNIQUE constraint failed: Commands.CommandId". */
function primaryKeyOutcome(message: string): CommitOutcome | undefined {
  if (message.includes('Commands.CommandId')) return { outcome: 'duplicate' };
  if (message.includes('Events.AggregateType')) return { outcome: 'conflict' };
  if (message.includes('CustomerKeys.CustomerId')) return { outcome: 'conflict' };
  return undefined;
}

/** And a check by its own name: "CHECK constraint failed: CK_…". */
function checkOutcome(message: string): CommitOutcome | undefined {
  if (message.includes('CK_Products_AvailableNotNegative')) return { outcome: 'refused', constraint: 'stock' };
  if (message.includes('CK_Customers_CreditWithinLimit')) return { outcome: 'refused', constraint: 'credit' };
  return undefined;
}
