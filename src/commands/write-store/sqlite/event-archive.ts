import type { DatabaseSync } from 'node:sqlite';
import type { ArchiveRequest } from '../event-archive.ts';
import { toInteger } from '../rows.ts';

/** The oldest published events, in the order of IX_Events_RecordedAt. `Preceding` counts the characters of the events before an event. */
const DUE = `
  WITH Oldest AS (
    SELECT rowid AS Position, RecordedAt, AggregateType, AggregateId, Version, length(Body) AS Characters FROM Events
    WHERE RecordedAt < :recordedBefore AND PublishedAt IS NOT NULL
    ORDER BY RecordedAt, AggregateType, AggregateId, Version
    LIMIT :limit
  ), Sized AS (
    SELECT Position, sum(Characters) OVER (
      ORDER BY RecordedAt, AggregateType, AggregateId, Version ROWS UNBOUNDED PRECEDING
    ) - Characters AS Preceding
    FROM Oldest
  )
  SELECT Position AS position FROM Sized WHERE Preceding <= :maxCharacters`;

const COPY = `
  INSERT INTO EventArchive (EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body)
  SELECT EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body
  FROM Events WHERE rowid IN (SELECT value FROM json_each(:positions))
  ORDER BY RecordedAt, AggregateType, AggregateId, Version`;

const DELETE_COMMANDS = `
  DELETE FROM Commands WHERE CommandId IN (
    SELECT Body ->> 'causationId' FROM Events WHERE rowid IN (SELECT value FROM json_each(:positions)))`;

const DELETE_EVENTS = 'DELETE FROM Events WHERE rowid IN (SELECT value FROM json_each(:positions))';

/** Prepares the statements that move events to the archive. The caller manages the transaction. */
export function prepareArchive(database: DatabaseSync): (request: ArchiveRequest) => number {
  const due = database.prepare(DUE);
  const copy = database.prepare(COPY);
  const deleteCommands = database.prepare(DELETE_COMMANDS);
  const deleteEvents = database.prepare(DELETE_EVENTS);
  return ({ recordedBefore, limit, maxCharacters }) => {
    const found = due.all({ recordedBefore: Date.parse(recordedBefore), limit, maxCharacters });
    if (found.length === 0) return 0;
    const positions = JSON.stringify(found.map(({ position }) => toInteger(position)));
    copy.run({ positions });
    deleteCommands.run({ positions });
    deleteEvents.run({ positions });
    return found.length;
  };
}
