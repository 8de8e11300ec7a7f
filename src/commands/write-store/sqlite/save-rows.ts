import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CommandCommit } from '../write-store.ts';
import { StaleVersion } from './commit-errors.ts';

/** The parameters of a statement, by name. */
export type Row = Record<string, SQLInputValue>;
/** Writes a row that replaces version `previous`; 0 inserts the row. */
type Save = (row: Row, previous: number) => void;

/** The rows that are saved as they are, each with its table and the columns that the aggregate's own commands write. */
const SAVED_ROWS = [
  savedRow(({ customer }) => customer, {
    table: 'Customers',
    columns: ['customerId', 'name', 'email', 'phone', 'currency', 'creditLimit', 'erasureRequestedBy', 'version'],
  }),
  savedRow(({ product }) => product && { ...product, discontinued: Number(product.discontinued) }, {
    table: 'Products',
    columns: ['productId', 'name', 'price', 'currency', 'discontinued', 'version'],
  }),
];

interface SavedRow {
  readonly table: string;
  /** The id is the first one. The columns have the same names, with a capital letter. */
  readonly columns: readonly string[];
  /** Undefined when the commit does not change the row. */
  readonly rowOf: (commit: CommandCommit) => Row | undefined;
}

function savedRow<Column extends string>(
  find: (commit: CommandCommit) => { readonly [Name in Column]: SQLInputValue } | undefined,
  { table, columns }: { readonly table: string; readonly columns: readonly Column[] },
): SavedRow {
  const rowOf = (commit: CommandCommit) => {
    const found = find(commit);
    return found && Object.fromEntries(columns.map((column) => [column, found[column]]));
  };
  return { table, columns, rowOf };
}

/** Prepares saving the rows of a commit. Throws `StaleVersion` when a row does not have the version to replace. */
export function prepareSaveRows(database: DatabaseSync): (commit: CommandCommit, previous: number) => void {
  const saves = SAVED_ROWS.map(({ rowOf, ...row }) => ({ rowOf, save: prepareSave(database, ...statementsFor(row)) }));
  return (commit, previous) => {
    for (const { rowOf, save } of saves) {
      const row = rowOf(commit);
      if (row !== undefined) save(row, previous);
    }
  };
}

function statementsFor({ table, columns }: Omit<SavedRow, 'rowOf'>): readonly [insert: string, replace: string] {
  const names = columns.map((column) => column.charAt(0).toUpperCase() + column.slice(1));
  const [isRow, ...values] = columns.map((column, index) => `${names[index]} = :${column}`);
  return [
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${columns.map((column) => `:${column}`).join(', ')})`,
    `UPDATE ${table} SET ${values.join(', ')} WHERE ${isRow} AND Version = :previous`,
  ];
}

/** Prepares saving a row by the statements that insert it and replace it. */
export function prepareSave(database: DatabaseSync, insertSql: string, replaceSql: string): Save {
  const insert = database.prepare(insertSql);
  const replace = database.prepare(replaceSql);
  return (row, previous) => {
    if (previous === 0) insert.run(row);
    else if (replace.run({ ...row, previous }).changes !== 1) throw new StaleVersion();
  };
}
