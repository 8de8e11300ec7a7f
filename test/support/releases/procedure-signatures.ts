import { readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';
import { type Token, tokensOf } from './sql-tokens.ts';

export interface Parameter {
  /** Name without the `@`. */
  readonly name: string;
  /** The type as written, in lower case: `nvarchar(64)`. */
  readonly type: string;
  /** True when a call may omit the parameter. */
  readonly optional: boolean;
}

/** What a caller of a stored procedure relies on. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** The column names of each result set. */
  readonly resultSets: readonly (readonly string[])[];
}

/** Signatures by procedure name. */
export type Signatures = Readonly<Record<string, Signature>>;

const HEADER = ['CREATE', 'OR', 'ALTER', 'PROCEDURE', 'orders', '.'];

/** Verbs that start a statement. The first one outside parentheses is the verb of a statement. */
const VERBS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'EXEC', 'SET', 'DECLARE', 'THROW', 'RETURN'];

/** The signatures of the procedures that apps call. Procedures that another procedure executes are not among them. */
export async function readSignatures(): Promise<Signatures> {
  const scripts = await readScripts('procedures');
  const procedures = scripts.map(({ batches }) => procedureIn(batches[0] ?? ''));
  const internal = new Set(procedures.flatMap(({ executes }) => executes));
  return Object.fromEntries(
    procedures.filter(({ name }) => !internal.has(name)).map(({ name, signature }) => [name, signature]),
  );
}

/** A procedure's name, signature and the names of the procedures in the schema `orders` that it executes. */
export interface Procedure {
  readonly name: string;
  readonly signature: Signature;
  readonly executes: readonly string[];
}

/**
 * Reads a `CREATE OR ALTER PROCEDURE orders.<name> … AS BEGIN … END` in the style of this repository: statements end with a
 * semicolon, and each result column has a name.
 * @throws when a result set cannot be read from the text
 */
export function procedureIn(sql: string): Procedure {
  const tokens = tokensOf(sql);
  const body = tokens.findIndex(({ text }, index) => text === 'AS' && tokens[index + 1]?.text === 'BEGIN');
  const name = tokens[HEADER.length]?.text;
  const isProcedure = HEADER.every((text, index) => tokens[index]?.text === text);
  if (!isProcedure || body < 0 || name === undefined) throw new Error(`Not a procedure: ${sql.slice(0, 100)}`);
  const statements = split(tokens.slice(body + 1), ';');
  return {
    name,
    signature: {
      parameters: parametersIn(tokens.slice(HEADER.length + 1, body)),
      resultSets: resultSetsIn(statements),
    },
    executes: statements.flatMap(executedIn),
  };
}

function parametersIn(tokens: readonly Token[]): readonly Parameter[] {
  return split(tokens, ',').map(([name, ...rest]) => {
    const equals = rest.findIndex(({ text }) => text === '=');
    const type = rest.slice(0, equals < 0 ? rest.length : equals);
    return {
      name: (name?.text ?? '').slice(1),
      type: type.map(({ text }) => text.toLowerCase()).join(''),
      optional: equals >= 0,
    };
  });
}

/** An ELSE returns the result set of its IF, so it must have the same columns. */
function resultSetsIn(statements: readonly (readonly Token[])[]): readonly (readonly string[])[] {
  const sets: (readonly string[])[] = [];
  for (const statement of statements) {
    const columns = columnsIn(statement);
    if (columns === undefined) continue;
    const alternative = statement[0]?.text === 'ELSE';
    if (alternative && columns.join() !== sets.at(-1)?.join())
      throw new Error(`The columns of ${columns} differ by IF.`);
    if (!alternative) sets.push(columns);
  }
  return sets;
}

/** The columns that a statement returns to the caller, if any. */
function columnsIn(statement: readonly Token[]): readonly string[] | undefined {
  const start = verbIndex(statement);
  const verb = statement[start]?.text;
  const outside = statement.slice(start).filter(({ depth }) => depth === 0);
  if (outside.some(({ text }) => text === 'OUTPUT') && !outside.some(({ text }) => text === 'INTO'))
    throw new Error('OUTPUT without INTO returns a result set that cannot be read: select from a table variable.');
  if (verb !== 'SELECT') return undefined;
  const from = statement.findIndex(({ text, depth }, index) => index > start && depth === 0 && text === 'FROM');
  const list = split(statement.slice(start + 1, from < 0 ? statement.length : from), ',');
  const names = list.map((column) => column.at(-1)?.text ?? '');
  const isAssignment = list[0]?.[0]?.text.startsWith('@') === true && list[0]?.[1]?.text === '=';
  if (isAssignment) return undefined;
  const unnamed = names.find((name) => !/^\w+$/.test(name));
  if (unnamed !== undefined) throw new Error(`A result column has no name: ${unnamed}`);
  return names;
}

function executedIn(statement: readonly Token[]): readonly string[] {
  const [exec, schema, , name] = statement.slice(verbIndex(statement));
  return exec?.text === 'EXEC' && schema?.text === 'orders' && name !== undefined ? [name.text] : [];
}

function verbIndex(statement: readonly Token[]): number {
  const index = statement.findIndex(({ text, depth }) => depth === 0 && VERBS.includes(text));
  return index < 0 ? statement.length : index;
}

/** The tokens between separators outside parentheses. */
function split(tokens: readonly Token[], separator: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.depth === 0 && token.text === separator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
