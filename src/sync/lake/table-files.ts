import type { Action, AddFile, CommitInfo, RemoveFile } from '../../shared/lake/delta/actions.ts';
import type { LakeFiles } from '../../shared/lake/lake-files.ts';
import type { Table } from '../../shared/lake/tables.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { decodeRows, encodeRows, type Row } from './row-file.ts';

export interface TableServices {
  readonly files: LakeFiles;
  readonly runtime: Pick<Runtime, 'now' | 'newId'>;
  readonly warn: (sentence: string, error: unknown) => void;
}

/** What a commit says about itself. */
export function commitInfo(operation: string, timestamp: number): CommitInfo {
  return { timestamp, operation, operationParameters: {}, isBlindAppend: false, engineInfo: 'orders-lake' };
}

/** Reads the rows of several files of a table. Throws when one is missing. */
export async function readFiles(table: Table, added: readonly AddFile[], files: LakeFiles): Promise<readonly Row[]> {
  const rows: Row[][] = [];
  for (const { path } of added) {
    const content = await files.read(`${table.name}/${path}`);
    if (content === undefined) throw new Error(`${table.name}/${path}, a file of the table, is missing.`);
    rows.push([...(await decodeRows(table, content))]);
  }
  return rows.flat();
}

/** Writes the rows as one file. Returns the actions that put it in place of other files. */
export async function replaceFiles(
  table: Table,
  bucket: string,
  { replaced, rows }: { readonly replaced: readonly AddFile[]; readonly rows: readonly Row[] },
  { files, runtime }: TableServices,
): Promise<readonly Action[]> {
  const content = encodeRows(table, rows);
  const path = `part-${runtime.newId()}.snappy.parquet`;
  await files.write(`${table.name}/${path}`, content);
  const now = runtime.now();
  const remove = (file: AddFile): RemoveFile => ({
    path: file.path,
    deletionTimestamp: now,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues: {},
    size: file.size,
  });
  const add: AddFile = {
    path,
    partitionValues: {},
    size: content.byteLength,
    modificationTime: now,
    dataChange: true,
    stats: JSON.stringify({ numRecords: rows.length }),
    tags: { bucket },
  };
  return [...replaced.map((file) => ({ remove: remove(file) })), { add }];
}
