import * as z from 'zod';
import { integer } from '../../shared/write-database/integer.ts';
import type { OutboxBacklog, OutboxEvent } from './outbox.ts';

const outboxEvent = z.object({
  eventId: z.string(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: integer,
  body: z.string(),
});

const outboxBacklog = z.object({ age: integer, setAside: integer, waiting: integer, unpublished: integer });

/** Validates the rows of a claim. */
export function toOutboxEvents(rows: unknown): readonly OutboxEvent[] {
  return z.array(outboxEvent).parse(rows);
}

/** Validates rows of event ids. */
export function toEventIds(rows: unknown): readonly string[] {
  return z
    .array(z.object({ eventId: z.string() }))
    .parse(rows)
    .map(({ eventId }) => eventId);
}

/** Validates the row that describes the outbox. The clocks that wrote and read the times may differ: an age is never negative. */
export function toBacklog(row: unknown): OutboxBacklog {
  const { age, ...counts } = outboxBacklog.parse(row);
  return { oldestMs: Math.max(0, age), ...counts };
}
