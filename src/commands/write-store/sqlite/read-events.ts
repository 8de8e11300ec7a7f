import type { DatabaseSync } from 'node:sqlite';
import { toBodies } from '../rows.ts';
import type { ReadEventsRequest } from '../write-store.ts';

const EVENTS = `
  SELECT Body AS body FROM Events
  WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND Version <= coalesce(:upToVersion, Version)
  ORDER BY Version`;

export function prepareReadEvents(database: DatabaseSync): (request: ReadEventsRequest) => readonly string[] {
  const events = database.prepare(EVENTS);
  return ({ aggregateType, aggregateId, upToVersion = null }) =>
    toBodies(events.all({ aggregateType, aggregateId, upToVersion }));
}
