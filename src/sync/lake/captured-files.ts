import type { Action, Transaction } from '../../shared/lake/delta/actions.ts';
import type { Snapshot } from '../../shared/lake/delta/snapshot.ts';
import type { LakeFile, LakeFiles } from '../../shared/lake/lake-files.ts';

/*
 * Which captured files are in the tables. The log of `orders` says so: a transaction per file, whose version is the number of bytes that
 * were read, and one that names the first day for which it does so. All files of earlier days are in the tables.
 */

const DAY_MS = 86_400_000;
/**
 * Days for which files may arrive late, for example after an outage of the lake. The days before are not listed any more: Event Hubs has
 * no events of them (https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas, 7 days on the Standard tier).
 */
const LATE_DAYS = 7;
/** Days that are listed by every run. */
const RECENT_DAYS = 2;
/** Maximum files of one batch, so that a long history is not held in memory. */
const MAX_FILES = 200;
/** Maximum bytes of one batch, unless it is a single file. */
const MAX_BYTES = 32 * 1024 * 1024;

const FILE_PREFIX = 'captured:';
const FIRST_DAY = 'captured-first-day';

/** Days since 1970 of a captured file: its path is `<folder>/<year>/<month>/<day>/…`. Undefined for other files. */
function dayOf(path: string, folder: string): number | undefined {
  const [, year, month, day] = /^(\d{4})\/(\d\d)\/(\d\d)\/.*\.avro$/.exec(path.slice(folder.length + 1)) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}`) / DAY_MS;
}

const folderOfDay = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/');

/** The captured files that the tables do not have, oldest first. */
export interface NewFiles {
  readonly files: readonly LakeFile[];
  /** Whether these are all. */
  readonly all: boolean;
}

type Transactions = Snapshot['transactions'];

interface Listing {
  /** Paths that are left out. */
  readonly except: ReadonlySet<string>;
  /** Whether only the newest days are listed, so that a run costs few requests. */
  readonly onlyRecent: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Lists what the tables do not have. Without any transaction, the whole folder is listed; otherwise some days. */
export async function findNewFiles(
  capture: LakeFiles,
  folder: string,
  transactions: Transactions,
  { except, onlyRecent, now }: Listing,
): Promise<NewFiles> {
  const files: LakeFile[] = [];
  let bytes = 0;
  const today = Math.floor(now / DAY_MS);
  const firstDay = transactions.get(FIRST_DAY)?.version;
  const first = firstDay !== undefined && onlyRecent ? Math.max(firstDay, today - RECENT_DAYS + 1) : firstDay;
  for await (const file of capturedFiles(capture, folder, prefixes(folder, first, today))) {
    if (except.has(file.path) || isRead(file, folder, transactions)) continue;
    bytes += file.size;
    if (files.length === MAX_FILES || (files.length > 0 && bytes > MAX_BYTES)) return { files, all: false };
    files.push(file);
  }
  return { files, all: true };
}

async function* capturedFiles(capture: LakeFiles, folder: string, listed: readonly string[]): AsyncIterable<LakeFile> {
  for (const prefix of listed) {
    for await (const file of capture.list(prefix)) if (dayOf(file.path, folder) !== undefined) yield file;
  }
}

function prefixes(folder: string, firstDay: number | undefined, today: number): readonly string[] {
  if (firstDay === undefined) return [`${folder}/`];
  const days = Math.max(1, today - firstDay + 1);
  return Array.from({ length: days }, (_, index) => `${folder}/${folderOfDay(firstDay + index)}/`);
}

/** The new files that are not read in a newer state either. */
export function withoutRead(found: NewFiles, folder: string, transactions: Transactions): NewFiles {
  return { ...found, files: found.files.filter((file) => !isRead(file, folder, transactions)) };
}

function isRead({ path, size }: LakeFile, folder: string, transactions: Transactions): boolean {
  const read = transactions.get(`${FILE_PREFIX}${path.slice(folder.length + 1)}`);
  // A file can grow while its window is open.
  return read !== undefined && read.version >= size;
}

/**
 * The transactions that record a batch as read.
 * @param unread files that are not in the tables although they are older than the last one of the batch
 * @param now milliseconds since 1970
 */
export function recordRead(
  { files, all }: NewFiles,
  folder: string,
  transactions: Transactions,
  { unread, now }: { readonly unread: readonly LakeFile[]; readonly now: number },
): readonly Action[] {
  const today = Math.floor(now / DAY_MS);
  const dayOfFile = ({ path }: LakeFile) => dayOf(path, folder) ?? today;
  const before = transactions.get(FIRST_DAY)?.version ?? 0;
  const last = files.at(-1);
  const reached = all || last === undefined ? today - LATE_DAYS : Math.min(today - LATE_DAYS, dayOfFile(last));
  const firstDay = Math.max(before, Math.min(reached, ...unread.map(dayOfFile)));
  const record = (appId: string, version: number): Action => ({ txn: { appId, version, lastUpdated: now } });
  return [
    ...(firstDay === before ? [] : [record(FIRST_DAY, firstDay)]),
    ...files
      .filter((file) => dayOfFile(file) >= firstDay && !isRead(file, folder, transactions))
      .map(({ path, size }) => record(`${FILE_PREFIX}${path.slice(folder.length + 1)}`, size)),
  ];
}

/** Whether a transaction is no longer needed: its file's day is not listed any more. */
export function isOutdated({ appId }: Transaction, transactions: Transactions): boolean {
  const day = dayOf(appId, FILE_PREFIX.slice(0, -1));
  return day !== undefined && day < (transactions.get(FIRST_DAY)?.version ?? 0);
}
