import { type AggregateNames, renamedAggregate } from './aggregates.ts';
import type { Changes } from './changes.ts';
import { addWithoutCustomers } from './documents.ts';
import { render } from './render.ts';

const STORE = 'src/commands/write-store';
const AZURE_SQL = 'src/shared/write-database/azure-sql';

/** Adds a table to both databases, and the row to loads and commits. */
export function addToStore(changes: Changes, aggregate: AggregateNames): void {
  addRow(changes, aggregate);
  addToSqlite(changes, aggregate);
  addToAzureSql(changes, aggregate);
  addWithoutCustomers(changes, aggregate.many.pascal, aggregate.many.words);
}

function addRow(changes: Changes, { one, many }: AggregateNames): void {
  const port = `${STORE}/write-store.ts`;
  changes.addBefore(
    port,
    /^\/\*\* The lag of a read model, /m,
    `export interface ${one.pascal}Row {
  readonly ${one.camel}Id: string;
  readonly label: string;
  readonly version: number;
}

`,
  );
  changes.addStatements(port, /^export interface LoadRequest \{/m, `  readonly ${one.camel}Id?: string;`);
  changes.addStatements(port, /^export interface LoadedRows \{/m, `  readonly ${one.camel}?: ${one.pascal}Row;`);
  changes.addStatements(port, /^export interface CommandCommit \{/m, `  readonly ${one.camel}?: ${one.pascal}Row;`);
  const rows = `${STORE}/rows.ts`;
  changes.addBefore(
    rows,
    /^const syncLag = /m,
    `const ${one.camel} = z.object({ ${one.camel}Id: z.string(), label: z.string(), version: integer });\n\n`,
  );
  changes.addEntry(rows, /^const loaded = z\.object\(\{/m, `  ${many.camel}: z.array(${one.camel}).max(1)`);
  changes.addBefore(rows, /^ {2}\} = loaded\.parse\(sets\);$/m, `    ${many.camel}: [${one.camel}],\n`);
  changes.addBefore(
    rows,
    /^ {4}syncLags,\n {2}\};$/m,
    `    ...(${one.camel} === undefined ? {} : { ${one.camel} }),\n`,
  );
}

function addToSqlite(changes: Changes, { one, many }: AggregateNames): void {
  changes.addEntry(
    `src/shared/write-database/sqlite/migrations.ts`,
    /const MIGRATIONS: .* = \[/,
    `  \`
  CREATE TABLE ${many.pascal} (
    ${one.pascal}Id TEXT NOT NULL,
    Label TEXT NOT NULL,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_${many.pascal} PRIMARY KEY (${one.pascal}Id)
  ) STRICT;
  \``,
  );
  changes.addEntry(
    `${STORE}/sqlite/save-rows.ts`,
    /const SAVED_ROWS = \[/,
    `  savedRow(({ ${one.camel} }) => ${one.camel}, {
    table: '${many.pascal}',
    columns: ['${one.camel}Id', 'label', 'version'],
  })`,
  );
  const load = `${STORE}/sqlite/load-rows.ts`;
  changes.addEntry(
    load,
    /const QUERIES = \{/,
    `  ${many.camel}: \`
    SELECT ${one.pascal}Id AS ${one.camel}Id, Label AS label, Version AS version
    FROM ${many.pascal} WHERE ${one.pascal}Id = :${one.camel}Id\``,
  );
  changes.addEntry(load, /return \(\{(?=\s*commandId,)/, `${one.camel}Id = null`);
  changes.addEntry(load, /const parameters = \{/, `${one.camel}Id`);
}

function addToAzureSql(changes: Changes, aggregate: AggregateNames): void {
  const { one, many } = aggregate;
  const replacements = renamedAggregate(aggregate);
  const migration = `${AZURE_SQL}/migrations/${nextNumber(changes)}-${many.kebab}.sql`;
  changes.create(migration, render('migration.sql', replacements));
  changes.create(`${AZURE_SQL}/procedures/Save${one.pascal}.sql`, render('save-procedure.sql', replacements));
  addToCommit(changes, one.pascal, one.camel);
  const load = `${AZURE_SQL}/procedures/LoadForCommand.sql`;
  changes.addBefore(load, /(?<=^ {2}@.* = NULL)\nAS\n/m, `,\n  @${one.pascal}Id nvarchar(4000) = NULL`);
  changes.addBefore(
    load,
    /^ {2}COMMIT TRANSACTION;$/m,
    `  SELECT
    ${one.pascal}Id AS ${one.camel}Id,
    Label AS label,
    Version AS version
  FROM orders.${many.pascal}
  WHERE ${one.pascal}Id = @${one.pascal}Id;

`,
  );
  changes.addAfter(load, /(?<=^\/\*\n(?:.+\n)+)(?=\n)/, `  A further one has the ${one.words}.\n`);
  const store = `${STORE}/azure-sql/azure-sql-write-store.ts`;
  changes.addEntry(store, /const LOADED_SETS = \[/, `'${many.camel}'`);
  changes.addEntry(store, /const \{(?=\s*commandId, )/, `${one.camel}Id`);
  changes.addEntry(
    store,
    /const parameters = \{(?=\n {6}CommandId: commandId,)/,
    `      ${one.pascal}Id: ${one.camel}Id ?? null`,
  );
}

function addToCommit(changes: Changes, pascal: string, camel: string): void {
  const commit = `${AZURE_SQL}/procedures/CommitCommand.sql`;
  changes.addAfter(commit, /(?<=^ {2}customer\{\}\?, )product\{\}\?, /m, `${camel}{}?, `);
  changes.addAfter(
    commit,
    /^ {2}DECLARE @Product .*$/m,
    `\n  DECLARE @${pascal} nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.${camel}');`,
  );
  changes.addAfter(
    commit,
    /^ {2}IF @Product IS NOT NULL .*$/m,
    `\n  IF @${pascal} IS NOT NULL EXEC orders.Save${pascal} @${pascal}, @PreviousVersion;`,
  );
}

/** The number of the next migration, in four digits. */
function nextNumber(changes: Changes): string {
  const numbers = changes.namesIn(`${AZURE_SQL}/migrations`).map((name) => Number(name.slice(0, 4)));
  return String(Math.max(...numbers) + 1).padStart(4, '0');
}
