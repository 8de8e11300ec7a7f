import { decodeEvent } from '../../shared/events/decode.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { readSnapshot } from '../../shared/lake/delta/read-snapshot.ts';
import type { Snapshot } from '../../shared/lake/delta/snapshot.ts';
import type { LakeFile, LakeFiles } from '../../shared/lake/lake-files.ts';
import { ORDERS, TABLES } from '../../shared/lake/tables.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { findNewFiles, type NewFiles, recordRead, withoutRead } from './captured-files.ts';
import { readCapturedFile } from './read-captured-file.ts';
import { type AggregateRows, rowsOfEvent } from './rows-of-event.ts';
import { upsertRows } from './write-table.ts';

export interface LakeServices {
  readonly capture: LakeFiles;
  readonly tables: LakeFiles;
  /** The captured files' folder, `<namespace>/<hub>`. */
  readonly folder: string;
  readonly runtime: Pick<Runtime, 'now' | 'newId' | 'monotonicMs'>;
  readonly warn: (sentence: string, error: unknown) => void;
}

/** What a run has done. */
export interface FilledLake {
  /** Captured files whose events are in the tables since this run. */
  readonly files: number;
  /** Events that cannot be decoded. They are in no table. */
  readonly undecodable: number;
  /** Age (ms) of the oldest captured file whose events are not in the tables; 0 when there is none. */
  readonly behindMs: number;
}

/** Time (ms) after which a run starts no further batch. The next run continues. */
const MAX_RUN_MS = 4 * 60_000;
/** Time (ms) between two listings of all days for which files may still arrive. */
const FULL_LISTING_MS = 3_600_000;

type Transactions = Snapshot['transactions'];

/** Creates a function that brings the tables up to date with the captured files. Its calls must not overlap. */
export function lakeFiller(services: LakeServices): () => Promise<FilledLake> {
  const { runtime } = services;
  // Remembered, so that a run without new files reads no table.
  let known: Transactions | undefined;
  const fullListing = { dueAt: Number.NEGATIVE_INFINITY };
  return async () => {
    const stopAt = runtime.monotonicMs() + MAX_RUN_MS;
    const unread = new Map<string, LakeFile>();
    let [files, undecodable] = [0, 0];
    for (;;) {
      known ??= await readTransactions(services);
      const found = await find(services, known, { unread, fullListing });
      if (found.files.length === 0) break;
      if (runtime.monotonicMs() > stopAt) {
        keepUnread(unread, found.files);
        break;
      }
      // Another instance may have read them meanwhile.
      known = await readTransactions(services);
      const filled = await fillTables(withoutRead(found, services.folder, known), unread, services);
      known = await readTransactions(services);
      files += filled.files;
      undecodable += filled.undecodable;
    }
    return { files, undecodable, behindMs: behindMs([...unread.values()], runtime.now()) };
  };
}

function keepUnread(unread: Map<string, LakeFile>, files: readonly LakeFile[]): void {
  for (const file of files) unread.set(file.path, file);
}

const readTransactions = async ({ tables }: LakeServices): Promise<Transactions> =>
  (await readSnapshot(tables, ORDERS.name)).transactions;

/** @param fullListing when all days are listed again, on the monotonic clock (ms); delayed once they have no new file */
async function find(
  { capture, folder, runtime }: LakeServices,
  known: Transactions,
  { unread, fullListing }: { readonly unread: ReadonlyMap<string, LakeFile>; readonly fullListing: { dueAt: number } },
): Promise<NewFiles> {
  const startedAt = runtime.monotonicMs();
  const onlyRecent = startedAt < fullListing.dueAt;
  const except = new Set(unread.keys());
  const found = await findNewFiles(capture, folder, known, { except, onlyRecent, now: runtime.now() });
  if (!onlyRecent && found.files.length === 0) fullListing.dueAt = startedAt + FULL_LISTING_MS;
  return found;
}

/** @param unread gets the files that cannot be read; the next run tries again */
async function fillTables(found: NewFiles, unread: Map<string, LakeFile>, services: LakeServices) {
  const { capture, tables, folder, runtime, warn } = services;
  const newest = new Map<string, AggregateRows>();
  let undecodable = 0;
  const onBody = (body: string) => {
    const decoded = decodeEvent(body, NO_KEYS);
    if (decoded.kind === 'undecodable') undecodable += 1;
    if (decoded.kind === 'event') keepNewest(newest, decoded.event);
  };
  for (const file of found.files) {
    await readCapturedFile(capture, file.path, onBody).catch((error) => {
      unread.set(file.path, file);
      warn(`The captured file ${file.path} cannot be read.`, error);
    });
  }
  const read = { ...found, files: found.files.filter(({ path }) => !unread.has(path)) };
  const record = ({ transactions }: Snapshot) =>
    recordRead(read, folder, transactions, { unread: [...unread.values()], now: runtime.now() });
  const byTable = Map.groupBy(newest.values(), ({ table }) => table);
  for (const table of TABLES) {
    const isLast = table === ORDERS;
    await upsertRows(table, byTable.get(table) ?? [], { files: tables, runtime, warn }, isLast ? record : undefined);
  }
  return { files: read.files.length, undecodable };
}

/** The tables have no personal data, so it is not decrypted: events are decoded as if every customer had been erased. */
const NO_KEYS = () => 'destroyed' as const;

function keepNewest(newest: Map<string, AggregateRows>, event: EventEnvelope): void {
  for (const rows of rowsOfEvent(event)) {
    const key = `${rows.table.name}/${rows.id}`;
    if (rows.version > (newest.get(key)?.version ?? 0)) newest.set(key, rows);
  }
}

/** @param now milliseconds since 1970 */
const behindMs = (unread: readonly LakeFile[], now: number) =>
  unread.length === 0 ? 0 : now - Math.min(...unread.map(({ modifiedAt }) => modifiedAt));
