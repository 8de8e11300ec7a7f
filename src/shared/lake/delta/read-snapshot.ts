import * as z from 'zod';
import type { LakeFiles } from '../lake-files.ts';
import { actionsOf } from './actions.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { applyActions, EMPTY_SNAPSHOT, type Snapshot } from './snapshot.ts';

/** Paths of a table's log. `table` is the table's folder. */
const logFile = (table: string, version: number, suffix: string) =>
  `${table}/_delta_log/${String(version).padStart(20, '0')}.${suffix}`;
export const commitPath = (table: string, version: number): string => logFile(table, version, 'json');
export const checkpointPath = (table: string, version: number): string => logFile(table, version, 'checkpoint.parquet');
export const lastCheckpointPath = (table: string): string => `${table}/_delta_log/_last_checkpoint`;

const lastCheckpoint = z.object({ version: z.int(), parts: z.undefined('has several parts').optional() });

/** Reads the newest version of a table: the last checkpoint and the commits after it. */
export async function readSnapshot(files: LakeFiles, table: string): Promise<Snapshot> {
  return refreshSnapshot(files, table, await readCheckpoint(files, table));
}

/** Applies the commits after a snapshot, one request each, and one more that finds no further commit. */
export async function refreshSnapshot(files: LakeFiles, table: string, snapshot: Snapshot): Promise<Snapshot> {
  let newest = snapshot;
  for (;;) {
    const version = newest.version + 1;
    const commit = await files.read(commitPath(table, version));
    if (commit === undefined) return newest;
    newest = applyActions(newest, version, actionsOf(commit));
  }
}

async function readCheckpoint(files: LakeFiles, table: string): Promise<Snapshot> {
  const pointer = await files.read(lastCheckpointPath(table));
  if (pointer === undefined) return EMPTY_SNAPSHOT;
  const { version } = lastCheckpoint.parse(JSON.parse(pointer.toString()));
  const content = await files.read(checkpointPath(table, version));
  if (content === undefined) throw new Error(`The checkpoint ${version} of ${table} is missing.`);
  return applyActions(EMPTY_SNAPSHOT, version, await decodeCheckpoint(content));
}
