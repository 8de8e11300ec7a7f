import * as z from 'zod';
import { EVENTS } from '../../shared/events/envelope.ts';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { acceptedAgeMs, dataAge, MAX_ACCEPTED_AGE_MS } from '../../shared/http/accepted-age.ts';
import { authenticatedOperation } from '../../shared/http/authenticated-operation.ts';
import { invalidToken, listId, parsePosition } from '../../shared/http/continuation-token.ts';
import { listAnswers } from '../../shared/http/list-response.ts';
import type { Operation } from '../../shared/http/operation.ts';
import { unavailable } from '../../shared/http/problem.ts';
import { queryParameters } from '../../shared/http/query-parameters.ts';
import { validate } from '../../shared/http/validate.ts';
import { encryptedPersonalData } from '../../shared/personal-data/encrypted-data.ts';
import { pageParameters } from '../../shared/read-models/paging.ts';
import type { SyncApp } from '../app.ts';
import type { ReadableDatabase, TimedEvent, TimePosition } from '../database/sync-database.ts';
import { type EventFilter, findEvents, type ReadNewest } from './find-events.ts';
import { shownEvent } from './shown-event.ts';

const EVENT_TYPES = Object.keys(EVENTS);
/** Longest id and correlation id in a filter, in UTF-16 code units. */
const MAX_LENGTH = 400;
const text = z.string().min(1, 'must not be empty').max(MAX_LENGTH, `must have at most ${MAX_LENGTH} characters`);

const parameters = z.object({
  aggregateId: text.optional().describe('Id of an order, a customer or a product.'),
  eventType: z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`).optional(),
  correlationId: text.optional().describe('The correlation id of the request that caused the events.'),
  include: z
    .literal('times', 'must be times')
    .optional()
    .describe('`times`: adds when each event was committed and published.')
    .meta({ examples: ['times'] }),
  ...pageParameters,
});

/** An event as it is stored. The closed schema of each type and version is in `docs/events`. */
const storedEvent = z
  .looseObject({
    eventId: z.string(),
    eventType: z.string(),
    schemaVersion: z.int().exactOptional(),
    aggregateType: z.string(),
    aggregateId: z.string(),
    version: z.int().positive(),
    timestamp: z.string(),
    correlationId: z.string(),
    causationId: z.string(),
    traceparent: z.string().exactOptional(),
    metadata: z.strictObject({ userId: z.string(), source: z.string() }),
    data: z.unknown(),
    order: z.unknown().optional(),
    customer: z.unknown().optional(),
    product: z.unknown().optional(),
    personal: encryptedPersonalData.exactOptional(),
  })
  .describe('An event as it is stored: personal data encrypted, with placeholders, and money in minor units.')
  .meta({ id: 'StoredEvent' });

const eventTimes = z
  .strictObject({
    eventId: z.string(),
    recordedAt: z.iso.datetime().describe('When the event was committed.'),
    publishedAt: z.iso
      .datetime()
      .exactOptional()
      .describe('When it was marked as published, after the hub had it. Absent while it waits in the outbox.'),
  })
  .meta({ id: 'EventTimes' });

const operation: Operation = {
  name: 'getEvents',
  method: 'GET',
  route: 'admin/events',
  summary:
    'Lists events of the log, newest first, as they are stored. With `eventType` or `correlationId`, a page searches at most 1,000 events: follow `continuationToken` until it is absent. A replica may answer that is at most a minute behind, or less with `Cache-Control`.',
  roles: ['admin'],
  parameters,
  headers: ['Cache-Control'],
  answers: listAnswers(storedEvent, {}, ['x-data-age'], {
    times: z.array(eventTimes).exactOptional().describe('The times of each item, by the clock of the database.'),
  }),
  problems: [],
};

const notRead = unavailable('The event log cannot be read at the moment: try again.');

export function getEvents(app: Pick<SyncApp, 'authenticate' | 'runtime' | 'customerKeys' | 'logReads'>): HttpFunction {
  const { customerKeys } = app;
  return authenticatedOperation(app, operation, async ({ request }) => {
    const { limit, continuationToken, include, ...filter } = validate(parameters, queryParameters(request));
    const before = continuationToken === undefined ? undefined : positionOf(continuationToken, filter);
    const readNewest = newestReader(app, acceptedAgeMs(request) ?? MAX_ACCEPTED_AGE_MS);
    const page = await findEvents(filter, { before, limit }, { readNewest, customerKeys }).catch(notRead);
    const items = page.events.map(({ body }) => shownEvent(body));
    const times = include === undefined ? {} : { times: page.events.map(timesOf) };
    const token = page.next === undefined ? {} : { continuationToken: toToken(page.next, filter) };
    return {
      jsonBody: { items, ...times, ...token },
      headers: { ...dataAge(page.ageMs), 'cache-control': 'no-store' },
    };
  });
}

function timesOf({ eventId, position: { recordedAt }, publishedAt }: TimedEvent): z.output<typeof eventTimes> {
  return { eventId, recordedAt, ...(publishedAt !== null && { publishedAt }) };
}

/**
 * Reads the newest events from the replica, if it is not older than the caller accepts and has everything before the requested position,
 * so that no page misses events that the page before it could not have.
 */
function newestReader({ logReads }: Pick<SyncApp, 'logReads'>, acceptedMs: number): ReadNewest {
  return (request) => {
    const { before } = request;
    const read = ({ log }: Pick<ReadableDatabase, 'log'>) => log.newest(request);
    if (acceptedMs === 0) return logReads.readPrimary(read);
    return logReads.read(
      read,
      (_, { ageMs, beatAt }) =>
        ageMs <= acceptedMs && (before === undefined || Date.parse(beatAt) >= Date.parse(before.recordedAt)),
    );
  };
}

/** The list, then the position. */
const tokenContent = z.object({
  list: z.string(),
  recordedAt: z.iso.datetime(),
  aggregateType: z.string(),
  aggregateId: z.string(),
  version: z.int(),
});

function toToken(position: TimePosition, filter: EventFilter): string {
  return Buffer.from(JSON.stringify({ list: listOf(filter), ...position })).toString('base64url');
}

/** Throws Problem `validation-failed` for a token of another list. */
function positionOf(token: string, filter: EventFilter): TimePosition {
  const { list, ...position } = parsePosition(tokenContent, token);
  if (list !== listOf(filter)) throw invalidToken();
  return position;
}

const listOf = ({ aggregateId, eventType, correlationId }: EventFilter): string =>
  listId([aggregateId, eventType, correlationId]);
