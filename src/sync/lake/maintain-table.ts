import { type AddFile, commitOf } from '../../shared/lake/delta/actions.ts';
import { checkpointActions, encodeCheckpoint } from '../../shared/lake/delta/checkpoint.ts';
import { checkpointPath, commitPath, lastCheckpointPath, readSnapshot } from '../../shared/lake/delta/read-snapshot.ts';
import type { Snapshot } from '../../shared/lake/delta/snapshot.ts';
import type { LakeFile, LakeFiles } from '../../shared/lake/lake-files.ts';
import type { Table } from '../../shared/lake/tables.ts';
import { isOutdated } from './captured-files.ts';
import { commitInfo, readFiles, replaceFiles, type TableServices } from './table-files.ts';
import { CHECKPOINT_INTERVAL, LOG_MS, REMOVED_FILES_MS, TRANSACTIONS_MS } from './table-properties.ts';

/** Days after which the files of a month are put together, because orders of that time seldom change. */
const SETTLED_MS = 45 * 86_400_000;
/** Maximum bytes of a month's file: its rows are in memory when one of them changes. */
const MAX_MONTH_BYTES = 32 * 1024 * 1024;

export function isCheckpointDue(version: number): boolean {
  return version > 0 && version % CHECKPOINT_INTERVAL === 0;
}

/**
 * Puts small files together, writes a checkpoint, and removes files that no reader needs any more. Each step can be repeated, and another
 * writer may commit meanwhile.
 */
export async function maintainTable(table: Table, services: TableServices): Promise<void> {
  const { files, runtime } = services;
  await compactMonth(table, await readSnapshot(files, table.name), services);
  const snapshot = withoutExpired(await readSnapshot(files, table.name), runtime.now());
  await writeCheckpoint(table, snapshot, files);
  await removeOldFiles(table, snapshot, services);
}

/** Puts the files of one month together that has ended long ago, unless another writer commits first. */
async function compactMonth(table: Table, snapshot: Snapshot, services: TableServices): Promise<void> {
  const { files, runtime } = services;
  const settled = new Date(runtime.now() - SETTLED_MS).toISOString().slice(0, 7);
  const byMonth = Map.groupBy(snapshot.files.values(), ({ tags }) => monthOf(tags?.bucket ?? ''));
  const small = [...byMonth].find(([month, added]) => month !== undefined && month < settled && isWorthIt(added));
  if (small?.[0] === undefined) return;
  const [month, replaced] = small;
  const rows = await readFiles(table, replaced, files);
  const actions = await replaceFiles(table, month, { replaced, rows }, services);
  const unchanged = actions.map(({ add, remove }) => ({
    ...(add && { add: { ...add, dataChange: false } }),
    ...(remove && { remove: { ...remove, dataChange: false } }),
  }));
  const commit = commitOf([{ commitInfo: commitInfo('OPTIMIZE', runtime.now()) }, ...unchanged]);
  await files.create(commitPath(table.name, snapshot.version + 1), commit);
}

const monthOf = (bucket: string) => /^\d{4}-\d\d(?=-\d\d$)/.exec(bucket)?.[0];

const isWorthIt = (added: readonly AddFile[]) =>
  added.length > 1 && added.reduce((bytes, { size }) => bytes + size, 0) <= MAX_MONTH_BYTES;

/** @param now milliseconds since 1970 */
function withoutExpired(snapshot: Snapshot, now: number): Snapshot {
  const { tombstones, transactions } = snapshot;
  return {
    ...snapshot,
    tombstones: new Map(
      [...tombstones].filter(([, { deletionTimestamp }]) => (deletionTimestamp ?? 0) > now - REMOVED_FILES_MS),
    ),
    transactions: new Map(
      [...transactions].filter(
        ([, txn]) => (txn.lastUpdated ?? 0) > now - TRANSACTIONS_MS || !isOutdated(txn, transactions),
      ),
    ),
  };
}

/** The same version always has the same checkpoint in effect, so it may be written more than once. */
async function writeCheckpoint({ name }: Table, snapshot: Snapshot, files: LakeFiles): Promise<void> {
  const actions = checkpointActions(snapshot);
  await files.write(checkpointPath(name, snapshot.version), encodeCheckpoint(actions));
  const pointer = { version: snapshot.version, size: actions.length };
  await files.write(lastCheckpointPath(name), Buffer.from(JSON.stringify(pointer)));
}

/**
 * Removes rows' files that no version within the retention has, also those of commits that were lost, and the log before the newest
 * checkpoint that is older than its retention.
 */
async function removeOldFiles(table: Table, { files: live, tombstones }: Snapshot, services: TableServices) {
  const { files, runtime } = services;
  const log: LakeFile[] = [];
  const removed: string[] = [];
  for await (const file of files.list(`${table.name}/`)) {
    const path = file.path.slice(table.name.length + 1);
    if (path.startsWith('_delta_log/')) log.push(file);
    else if (isUnused(file, runtime.now()) && !live.has(path) && !tombstones.has(path)) removed.push(file.path);
  }
  for (const path of [...removed, ...oldLogFiles(log, runtime.now())]) await files.remove(path);
}

const isUnused = ({ path, modifiedAt }: LakeFile, now: number) =>
  path.endsWith('.parquet') && modifiedAt <= now - REMOVED_FILES_MS;

/** https://github.com/delta-io/delta/blob/master/PROTOCOL.md#metadata-cleanup */
function oldLogFiles(log: readonly LakeFile[], now: number): readonly string[] {
  const name = ({ path }: LakeFile) => path.slice(path.lastIndexOf('/') + 1);
  const cutOff = log
    .filter((file) => name(file).endsWith('.checkpoint.parquet') && file.modifiedAt <= now - LOG_MS)
    .map(name)
    .toSorted()
    .at(-1);
  if (cutOff === undefined) return [];
  // Versions are padded with zeros, so that names sort by version.
  const first = cutOff.slice(0, 20);
  return log.filter((file) => /^\d{20}\./.test(name(file)) && name(file).slice(0, 20) < first).map(({ path }) => path);
}
