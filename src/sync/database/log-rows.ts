import { z } from 'zod';
import { integer } from '../../shared/write-database/integer.ts';
import type { LogPage } from './event-log.ts';

/** The columns that both databases answer; the body is null where the event was recorded too early. */
const row = z.object({
  eventId: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: integer,
  body: z.string().nullable(),
});

/** Checks the rows of a page; a page that is not full is the last one. */
export function toLogPage(rows: unknown, limit: number): LogPage {
  const read = z.array(row).parse(rows);
  const last = read.at(-1);
  const events = read.flatMap(({ eventId, aggregateId, body }) =>
    body === null ? [] : { eventId, aggregateId, body },
  );
  if (last === undefined || read.length < limit) return { events, next: undefined };
  const { aggregateType, aggregateId, version } = last;
  return { events, next: { aggregateType, aggregateId, version } };
}
