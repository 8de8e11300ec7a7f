import * as z from 'zod';
import { decodeEvents } from '../../shared/events/decode.ts';
import type { AgedAnswer } from '../../shared/write-database/replica.ts';
import type { CustomerKeys } from '../customer-keys/customer-keys.ts';
import type { NewestEvents, NewestRequest, TimedEvent, TimePosition } from '../database/sync-database.ts';

/** Which events are meant; those that match all fields. */
export interface EventFilter {
  /** Id of an aggregate of any type. */
  readonly aggregateId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly correlationId?: string | undefined;
}

export interface EventPage {
  /** Newest first. */
  readonly events: readonly TimedEvent[];
  /** The position after which the next page starts; undefined at the end of the log. */
  readonly next: TimePosition | undefined;
  /** Maximum age of the page in milliseconds. */
  readonly ageMs: number;
}

/** Reads the newest events from any copy of the log. */
export type ReadNewest = (request: NewestRequest) => Promise<AgedAnswer<NewestEvents>>;

/** Maximum events that a page reads to find those of a type or with a correlation id, which no index has. */
const MAX_SEARCHED = 1_000;

/**
 * Finds the newest events that match a filter. A page reads a limited number of events, so that it can have fewer than `limit`, or none,
 * before the end of the log. Rejects with the faults of the database and of the keys.
 */
export async function findEvents(
  { aggregateId, ...filter }: EventFilter,
  { before, limit }: { readonly before: TimePosition | undefined; readonly limit: number },
  { readNewest, customerKeys }: { readonly readNewest: ReadNewest; readonly customerKeys: CustomerKeys },
): Promise<EventPage> {
  const isSearch = filter.eventType !== undefined || filter.correlationId !== undefined;
  // One event more than the page shows whether there is another page.
  const { answer: read, ageMs } = await readNewest({ aggregateId, before, limit: isSearch ? MAX_SEARCHED : limit + 1 });
  const found = await matching(read.events, filter, customerKeys);
  const events = found.slice(0, limit);
  const next = positionAfter(read, found.length > limit ? events : read.events);
  return { events, next, ageMs };
}

/** A page that ends before what was read continues after its own last event, otherwise after the last event that was read. */
function positionAfter({ events, isEnd }: NewestEvents, shown: NewestEvents['events']): TimePosition | undefined {
  return shown === events && isEnd ? undefined : shown.at(-1)?.position;
}

async function matching(
  events: NewestEvents['events'],
  { eventType, correlationId }: EventFilter,
  customerKeys: CustomerKeys,
): Promise<NewestEvents['events']> {
  const ofType = eventType === undefined ? events : events.filter(({ body }) => eventTypeOf(body) === eventType);
  if (correlationId === undefined) return ofType;
  const correlationIds = await readCorrelationIds(
    ofType.map(({ body }) => body),
    customerKeys,
  );
  return ofType.filter((_, index) => correlationIds[index] === correlationId);
}

/**
 * The correlation id of each event, which is encrypted in events about a customer. Undefined where it cannot be read; an erased customer's
 * events have a placeholder.
 */
async function readCorrelationIds(
  bodies: readonly string[],
  customerKeys: CustomerKeys,
): Promise<readonly (string | undefined)[]> {
  const decoded = await decodeEvents(bodies, (needed) => customerKeys.keysOf(needed));
  return decoded.map((result) => (result.kind === 'event' ? result.event.correlationId : undefined));
}

const typed = z.object({ eventType: z.string() });

function eventTypeOf(body: string): string | undefined {
  return typed.safeParse(JSON.parse(body)).data?.eventType;
}
