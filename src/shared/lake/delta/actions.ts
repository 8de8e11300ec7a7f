/**
 * The actions of a Delta log, as far as tables of reader version 1 and writer version 2 have them:
 * https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions
 */
import * as z from 'zod';

/** A checkpoint has integers of 64 bits, which are read as bigint; the numbers in a log are safe integers. */
const long = z.union([z.int(), z.bigint().transform(Number)]);
const strings = z.record(z.string(), z.string().nullable());

const add = z.object({
  /** Path relative to the table, URL-encoded. */
  path: z.string(),
  partitionValues: strings,
  size: long,
  modificationTime: long,
  dataChange: z.boolean(),
  /** Statistics as JSON. */
  stats: z.string().nullish(),
  tags: strings.nullish(),
});
const remove = z.object({
  path: z.string(),
  /** Milliseconds since 1970. */
  deletionTimestamp: long.nullish(),
  dataChange: z.boolean(),
  partitionValues: strings.nullish(),
  size: long.nullish(),
  extendedFileMetadata: z.boolean().nullish(),
});
const txn = z.object({ appId: z.string(), version: long, lastUpdated: long.nullish() });
const metaData = z.object({
  id: z.string(),
  name: z.string().nullish(),
  format: z.object({ provider: z.string(), options: strings.nullish() }),
  schemaString: z.string(),
  partitionColumns: z.array(z.string()),
  createdTime: long.nullish(),
  configuration: strings,
});
const protocol = z.object({ minReaderVersion: z.int(), minWriterVersion: z.int() });

/** One line of a commit, or one row of a checkpoint. Other actions, such as `commitInfo`, do not change the state. */
export const action = z.object({
  add: add.nullish(),
  remove: remove.nullish(),
  txn: txn.nullish(),
  metaData: metaData.nullish(),
  protocol: protocol.nullish(),
});

export type Action = Readonly<z.output<typeof action>>;
export type AddFile = Readonly<z.output<typeof add>>;
export type RemoveFile = Readonly<z.output<typeof remove>>;
export type Transaction = Readonly<z.output<typeof txn>>;
export type TableMetaData = Readonly<z.output<typeof metaData>>;
export type Protocol = Readonly<z.output<typeof protocol>>;

/** What a commit says about itself. Readers ignore it. */
export interface CommitInfo {
  readonly timestamp: number;
  readonly operation: string;
  readonly operationParameters: Readonly<Record<string, string>>;
  readonly isBlindAppend: boolean;
  readonly engineInfo: string;
}

/** A commit as it is stored: JSON, an action per line. */
export function commitOf(actions: readonly (Action | { readonly commitInfo: CommitInfo })[]): Buffer {
  return Buffer.from(actions.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** Parses a commit. Throws when a line is not an action. */
export function actionsOf(commit: Buffer): readonly Action[] {
  return commit
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => action.parse(JSON.parse(line)));
}
