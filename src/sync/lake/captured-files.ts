import type { Action, Transaction } from '../../shared/lake/delta/actions.ts';
import type { Snapshot } from '../../shared/lake/delta/snapshot.ts';
import type { LakeFile, LakeFiles } from '../../shared/lake/lake-files.ts';

/*
 * Which captured files are in the tables. The log of `orders` says so: a transaction per file, whose version is the number of bytes that
 * were read, and one that names the first day for which it does so. All files of earlier days are in the tables, except those whose
 * transaction says that they could not be read.
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
/** The version of a file's transaction while the file cannot be read. */
const UNREAD = -1;
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
  /** Days since 1970 of the first day that has to be listed once the tables have these files. */
  readonly firstDay: number;
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

/** Lists what the tables do not have. Without any transaction, the whole folder is listed; otherwise some days, and the unread files. */
export async function findNewFiles(
  capture: LakeFiles,
  folder: string,
  transactions: Transactions,
  { except, onlyRecent, now }: Listing,
): Promise<NewFiles> {
  const files: LakeFile[] = [];
  let bytes = 0;
  const today = Math.floor(now / DAY_MS);
  const before = firstDayIn(transactions, today);
  const isPartial = before !== undefined && onlyRecent;
  const listed = prefixes(folder, isPartial ? today - RECENT_DAYS + 1 : before, today, transactions);
  /** The first day to list when the files of all days before `day` are in the tables. A partial listing does not know the earlier days. */
  const upTo = (day: number) => Math.max(before ?? 0, isPartial ? 0 : Math.min(day, today - LATE_DAYS));
  let lastDay = 0;
  for await (const { file, day } of capturedFiles(capture, folder, listed)) {
    if (except.has(file.path) || isRead(file, folder, transactions)) continue;
    bytes += file.size;
    if (files.length === MAX_FILES || (files.length > 0 && bytes > MAX_BYTES)) {
      return { files, firstDay: upTo(lastDay) };
    }
    files.push(file);
    lastDay = day;
  }
  return { files, firstDay: upTo(today) };
}

/**
 * Days since 1970 of the first day for which the log has the files; undefined: it has none yet. A day for which files can still arrive was
 * stored while the clock was ahead, and does not count: the earlier days are listed again.
 */
function firstDayIn(transactions: Transactions, today: number): number | undefined {
  const stored = transactions.get(FIRST_DAY)?.version;
  return stored === undefined ? undefined : Math.min(stored, today - LATE_DAYS);
}

async function* capturedFiles(capture: LakeFiles, folder: string, listed: readonly string[]) {
  for (const prefix of listed) {
    for await (const file of capture.list(prefix)) {
      const day = dayOf(file.path, folder);
      if (day !== undefined) yield { file, day };
    }
  }
}

/** @param firstDay undefined: the whole folder is listed */
function prefixes(
  folder: string,
  firstDay: number | undefined,
  today: number,
  transactions: Transactions,
): readonly string[] {
  if (firstDay === undefined) return [`${folder}/`];
  const unread = [...transactions.values()]
    .filter(({ version }) => version === UNREAD)
    .map(({ appId }) => `${folder}/${appId.slice(FILE_PREFIX.length)}`)
    .filter((path) => (dayOf(path, folder) ?? firstDay) < firstDay);
  const days = Array.from(
    { length: today - firstDay + 1 },
    (_, index) => `${folder}/${folderOfDay(firstDay + index)}/`,
  );
  return [...unread.toSorted(), ...days];
}

/** The new files that are not read in a newer state either. */
export function withoutRead(found: NewFiles, folder: string, transactions: Transactions): NewFiles {
  return { ...found, files: found.files.filter((file) => !isRead(file, folder, transactions)) };
}

const idOf = ({ path }: LakeFile, folder: string) => `${FILE_PREFIX}${path.slice(folder.length + 1)}`;

function isRead(file: LakeFile, folder: string, transactions: Transactions): boolean {
  // A file can grow while its window is open.
  return (transactions.get(idOf(file, folder))?.version ?? UNREAD) >= file.size;
}

/**
 * The transactions that record a batch as read.
 * @param unread files that cannot be read. They are recorded too, so that each run tries them again, whatever their day
 * @param now milliseconds since 1970
 */
export function recordRead(
  found: NewFiles,
  folder: string,
  transactions: Transactions,
  { unread, now }: { readonly unread: readonly LakeFile[]; readonly now: number },
): readonly Action[] {
  const today = Math.floor(now / DAY_MS);
  const firstDay = Math.max(firstDayIn(transactions, today) ?? 0, found.firstDay);
  const record = (appId: string, version: number): Action => ({ txn: { appId, version, lastUpdated: now } });
  const isRecordedUnread = (file: LakeFile) => transactions.get(idOf(file, folder))?.version === UNREAD;
  const isListed = (file: LakeFile) => (dayOf(file.path, folder) ?? today) >= firstDay;
  return [
    ...(firstDay === transactions.get(FIRST_DAY)?.version ? [] : [record(FIRST_DAY, firstDay)]),
    ...withoutRead(found, folder, transactions)
      .files.filter((file) => isListed(file) || isRecordedUnread(file))
      .map((file) => record(idOf(file, folder), file.size)),
    ...unread
      .filter((file) => !isRead(file, folder, transactions) && !isRecordedUnread(file))
      .map((file) => record(idOf(file, folder), UNREAD)),
  ];
}

/** Whether a transaction is no longer needed: its file is read, and its day is not listed any more. */
export function isOutdated({ appId, version }: Transaction, transactions: Transactions): boolean {
  const day = dayOf(appId, FILE_PREFIX.slice(0, -1));
  return version !== UNREAD && day !== undefined && day < (transactions.get(FIRST_DAY)?.version ?? 0);
}
