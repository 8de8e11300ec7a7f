import { z } from 'zod';
import { type WrappedKey, wrappedKey } from '../../shared/personal-data/data-keys.ts';
import { integer } from '../../shared/write-database/integer.ts';
import type { LogPage, StoredCustomerKeys } from './sync-database.ts';

/** The columns that both databases return; the body is null where the event was recorded too early. */
const logRow = z.object({
  eventId: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: integer,
  body: z.string().nullable(),
});

/** Checks the rows of a page of the log. A page that is not full is the last one. */
export function toLogPage(rows: unknown, limit: number): LogPage {
  const read = z.array(logRow).parse(rows);
  const last = read.at(-1);
  const events = read.flatMap(({ eventId, aggregateId, body }) =>
    body === null ? [] : { eventId, aggregateId, body },
  );
  if (last === undefined || read.length < limit) return { events, next: undefined };
  const { aggregateType, aggregateId, version } = last;
  return { events, next: { aggregateType, aggregateId, version } };
}

/** A destroyed key leaves its row (a tombstone) with empty columns. */
const keyRow = z.union([
  z
    .object({ customerId: z.string(), keyId: z.null() })
    .transform(({ customerId }) => [customerId, 'destroyed'] as const),
  wrappedKey
    .extend({ customerId: z.string() })
    .transform(({ customerId, ...key }): readonly [string, WrappedKey] => [customerId, key]),
]);

/** Checks the rows of customers' data keys. */
export function toCustomerKeys(rows: unknown): StoredCustomerKeys {
  return new Map<string, WrappedKey | 'destroyed'>(z.array(keyRow).parse(rows));
}

/** The longest lag that is reported (ms): an int on SQL Server. */
const MAX_LAG_MS = 2 ** 31 - 1;

/** A lag as it is stored: whole milliseconds, never negative although the clocks of two machines may differ. */
export function toStoredLag(lagMs: number): number {
  return Math.min(Math.max(0, Math.round(lagMs)), MAX_LAG_MS);
}
