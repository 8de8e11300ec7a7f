import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { EventLog, TimedEvent, TimePosition } from '../database/sync-database.ts';
import type { Projector } from '../projector/projector-of.ts';
import type { HandleEvents } from './redrive.ts';

/** Reads the write database's log of events. */
export type OpenLog = () => Promise<{ readonly log: Pick<EventLog, 'newest'> }>;

/** The sequence number of an event that comes from the log, not from the hub. */
const NO_SEQUENCE_NUMBER = -1;

/**
 * Projects events, and then the newest event of each one's aggregate. The read model may have removed what it knew of the aggregate, such
 * as a shipment that has expired: an old event alone would bring it back in an old state, for good. A newest event that cannot be projected
 * has a dead letter of its own.
 */
export function withNewestEvents(project: Projector['projectEvents'], openLog: OpenLog): HandleEvents {
  return async (received) => {
    const { projected, poison } = await project(received);
    for (const { event, partitionId } of projected) {
      const newest = await findNewest(event, openLog);
      if (newest === undefined || newest.position.version <= event.version) continue;
      await project([{ body: newest.body, partitionId, sequenceNumber: NO_SEQUENCE_NUMBER }]);
    }
    return { poison };
  };
}

/** Events per read. One is enough, unless aggregates of other types have the same id. */
const PAGE_SIZE = 10;

/** The newest event of an event's aggregate; undefined when the log has none. Rejects with the faults of the database. */
async function findNewest(
  { aggregateType, aggregateId }: EventEnvelope,
  openLog: OpenLog,
): Promise<TimedEvent | undefined> {
  const { log } = await openLog();
  for (let before: TimePosition | undefined; ; ) {
    const { events, isEnd } = await log.newest({ aggregateId, before, limit: PAGE_SIZE });
    const found = events.find(({ position }) => position.aggregateType === aggregateType);
    if (found !== undefined || isEnd) return found;
    before = events.at(-1)?.position;
  }
}
