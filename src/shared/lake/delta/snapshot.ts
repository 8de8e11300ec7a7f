import type { Action, AddFile, Protocol, RemoveFile, TableMetaData, Transaction } from './actions.ts';

/** The state of a table in one version. */
export interface Snapshot {
  /** -1 before the first commit. */
  readonly version: number;
  readonly protocol: Protocol | undefined;
  readonly metaData: TableMetaData | undefined;
  /** The files with the table's rows, by path. */
  readonly files: ReadonlyMap<string, AddFile>;
  /** Files that were removed, by path. Readers of older versions may still need them. */
  readonly tombstones: ReadonlyMap<string, RemoveFile>;
  /** The last transaction of each application. */
  readonly transactions: ReadonlyMap<string, Transaction>;
}

export const EMPTY_SNAPSHOT: Snapshot = {
  version: -1,
  protocol: undefined,
  metaData: undefined,
  files: new Map(),
  tombstones: new Map(),
  transactions: new Map(),
};

/** The highest version of Delta's reader protocol that this code implements. */
const READER_VERSION = 1;

/**
 * Applies the actions of a commit or a checkpoint ("action reconciliation" in the protocol). The last one of a kind and key wins.
 * Throws when the table needs a newer reader.
 */
export function applyActions(snapshot: Snapshot, version: number, actions: Iterable<Action>): Snapshot {
  let { protocol, metaData } = snapshot;
  const files = new Map(snapshot.files);
  const tombstones = new Map(snapshot.tombstones);
  const transactions = new Map(snapshot.transactions);
  for (const { add, remove, txn, ...about } of actions) {
    protocol = about.protocol ?? protocol;
    metaData = about.metaData ?? metaData;
    if (txn) transactions.set(txn.appId, txn);
    if (remove) move(remove, files, tombstones);
    if (add) move(add, tombstones, files);
  }
  requireReadable(protocol);
  return { version, protocol, metaData, files, tombstones, transactions };
}

/** A file is either part of the table or removed from it. */
function move<File extends { readonly path: string }>(
  file: File,
  from: Map<string, unknown>,
  to: Map<string, File>,
): void {
  from.delete(file.path);
  to.set(file.path, file);
}

function requireReadable(protocol: Protocol | undefined): void {
  const version = protocol?.minReaderVersion ?? READER_VERSION;
  if (version > READER_VERSION) {
    throw new Error(`The table needs a reader of version ${version}; this one has ${READER_VERSION}.`);
  }
}
