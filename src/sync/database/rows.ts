import * as z from 'zod';
import { type WrappedKey, wrappedKey } from '../../shared/personal-data/data-keys.ts';
import { integer } from '../../shared/write-database/integer.ts';
import type {
  LogPage,
  NewestEvents,
  StoredCustomerKeys,
  StoredWebhook,
  SyncStall,
  TimePosition,
} from './sync-database.ts';

/** The columns that both databases return; the body is null when the event was recorded before the requested time. */
const logRow = z.object({
  eventId: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: integer,
  body: z.string().nullable(),
});

/** Characters of events after which a page of the log or of the newest events ends. */
export const MAX_PAGE_CHARACTERS = 4_000_000;

/** Checks the rows of a page of the log. */
export function toLogPage(rows: unknown, limit: number): LogPage {
  const read = z.array(logRow).parse(rows);
  const last = read.at(-1);
  const events = read.flatMap(({ eventId, aggregateId, body }) =>
    body === null ? [] : { eventId, aggregateId, body },
  );
  if (last === undefined || (read.length < limit && !isLarge(events))) return { events, next: undefined };
  const { aggregateType, aggregateId, version } = last;
  return { events, next: { aggregateType, aggregateId, version } };
}

/** Whether a page may have ended because its events have too many characters. Any other page that is not full is the last one. */
const isLarge = (events: readonly { readonly body: string }[]): boolean =>
  events.reduce((sum, { body }) => sum + body.length, 0) > MAX_PAGE_CHARACTERS;

/** A position after every event. */
export const AFTER_ALL_EVENTS: TimePosition = {
  recordedAt: '9999-12-31T00:00:00.000Z',
  aggregateType: '',
  aggregateId: '',
  version: 0,
};

const newestRow = z.object({
  eventId: z.string(),
  publishedAt: z.string().nullable(),
  recordedAt: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: integer,
  body: z.string(),
});

/** Checks the rows of the newest events. */
export function toNewestEvents(rows: unknown, limit: number): NewestEvents {
  const events = z
    .array(newestRow)
    .parse(rows)
    .map(({ eventId, publishedAt, body, ...position }) => ({ eventId, position, publishedAt, body }));
  return { events, isEnd: events.length < limit && !isLarge(events) };
}

const retiredRow = wrappedKey
  .extend({ customerId: z.string() })
  .transform(({ customerId, ...key }): readonly [string, WrappedKey] => [customerId, key]);

/** The row of a destroyed key stays as a tombstone with empty columns. */
const keyRow = z.union([
  z
    .object({ customerId: z.string(), keyId: z.null() })
    .transform(({ customerId }) => [customerId, 'destroyed'] as const),
  retiredRow,
]);

const retiredRows = z.array(retiredRow);
const keyRows = z.array(keyRow);

/** Checks the rows of customers' current and retired data keys. */
export function toCustomerKeys(current: unknown, retired: unknown): StoredCustomerKeys {
  const earlierKeys = Map.groupBy(retiredRows.parse(retired), ([customerId]) => customerId);
  const keys = new Map<string, readonly WrappedKey[] | 'destroyed'>();
  for (const [customerId, key] of keyRows.parse(current)) {
    const earlier = (earlierKeys.get(customerId) ?? []).map(([, one]) => one);
    keys.set(customerId, key === 'destroyed' ? key : [key, ...earlier]);
  }
  return keys;
}

/** The longest lag that can be stored (ms): an int on SQL Server. */
const MAX_LAG_MS = 2 ** 31 - 1;

/** Rounds a lag to whole milliseconds and clamps it: clock skew between two machines could make it negative. */
export function toStoredLag(lagMs: number): number {
  return Math.min(Math.max(0, Math.round(lagMs)), MAX_LAG_MS);
}

/** Longest reason that is stored, in UTF-16 code units: the width of the column. */
const MAX_REASON_LENGTH = 400;

/** A reason as it is stored. */
export function toStoredReason(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH).toWellFormed();
}

/** A stall that was reported longer ago (ms) belongs to a process that is gone. */
export const MAX_STALL_AGE_MS = 120_000;

const stallRow = z
  .object({ consumer: z.string(), partitionId: z.string(), since: z.string(), reason: z.string() })
  .transform(({ partitionId: partition, ...stall }): SyncStall => ({ ...stall, partition }));

/** Checks the rows of stalls. */
export function toStalls(rows: unknown): readonly SyncStall[] {
  return z.array(stallRow).parse(rows);
}

const webhookRows = z.array(z.object({ webhookId: z.string(), document: z.string(), version: integer }));

/** Checks the rows of webhook subscriptions. */
export function toWebhooks(rows: unknown): readonly StoredWebhook[] {
  return webhookRows.parse(rows);
}
