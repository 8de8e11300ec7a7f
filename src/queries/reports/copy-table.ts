import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSnapshot } from '../../shared/lake/delta/read-snapshot.ts';
import type { LakeFiles } from '../../shared/lake/lake-files.ts';
import { COLUMN_TYPES, type Table } from '../../shared/lake/tables.ts';

interface CopiedTable {
  /** The files of the table's newest version. A file never changes. */
  readonly paths: ReadonlySet<string>;
  /** A query of DuckDB that returns the rows; undefined when it is the same as before. */
  readonly sql: string | undefined;
}

/**
 * Copies the files of a table into a folder, and removes those that are no longer part of it.
 * @param before the files that are in the folder; undefined the first time
 */
export async function copyTable(
  table: Table,
  tables: LakeFiles,
  folder: string,
  before: ReadonlySet<string> | undefined,
): Promise<CopiedTable> {
  const { files } = await readSnapshot(tables, table.name);
  const paths = new Set([...files.keys()].map((path) => decodeURIComponent(path)));
  const added = [...paths].filter((path) => !before?.has(path));
  const removed = [...(before ?? [])].filter((path) => !paths.has(path));
  if (before !== undefined && added.length + removed.length === 0) return { paths, sql: undefined };
  const local = (path: string) => join(folder, `${table.name}-${path.replaceAll('/', '-')}`);
  for (const path of added) await writeFile(local(path), await readFileOf(table, path, tables));
  for (const path of removed) await rm(local(path), { force: true });
  return { paths, sql: paths.size === 0 ? emptyTable(table) : readParquet([...paths].map(local)) };
}

async function readFileOf({ name }: Table, path: string, tables: LakeFiles): Promise<Buffer> {
  const content = await tables.read(`${name}/${path}`);
  if (content === undefined) throw new Error(`${path}, a file of the table ${name}, is missing.`);
  return content;
}

const readParquet = (files: readonly string[]) =>
  `SELECT * FROM read_parquet([${files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')}])`;

/** DuckDB's names of Delta's types, where they differ. */
const DUCKDB_TYPES: Readonly<Record<string, string>> = { string: 'VARCHAR', timestamp: 'TIMESTAMPTZ' };

function emptyTable({ columns }: Table): string {
  const cells = Object.entries(columns).map(([name, type]) => {
    const delta = COLUMN_TYPES[type];
    return `CAST(NULL AS ${DUCKDB_TYPES[delta] ?? delta}) AS ${name}`;
  });
  return `SELECT ${cells.join(', ')} WHERE false`;
}
