import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';
import { prepareHeartbeat } from '../../../shared/write-database/sqlite/heartbeat.ts';
import { prepareReadTransaction } from '../../../shared/write-database/sqlite/read-transaction.ts';
import { toStoredEvents } from '../event-rows.ts';
import type { EventWindow, ReadEventsRequest, StoredEvents } from '../stored-events.ts';

/** `Preceding` counts the characters of the preceding events, in a window that `:limit` bounds. */
const EVENTS = `
  WITH Newest (Version) AS (
    SELECT max(Version) FROM EventLog
    WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND Version <= coalesce(:upToVersion, Version)
      AND (:ownerId IS NULL OR :aggregateType = 'Order' AND EXISTS (
        SELECT 1 FROM Orders WHERE OrderId = :aggregateId AND CustomerId = :ownerId
      ))
  ),
  Windowed (Version, Preceding) AS (
    SELECT Version, sum(length(Body)) OVER (ORDER BY Version) - length(Body) FROM EventLog
    WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId
      AND Version > :after AND Version <= min(:after + :limit, (SELECT Version FROM Newest))
  )
  SELECT Body AS body FROM EventLog
  WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND (
    Version = (SELECT Version FROM Newest)
    OR Version IN (SELECT Version FROM Windowed WHERE Preceding <= :maxCharacters)
  )
  ORDER BY Version`;

const CUSTOMER_ID = `iif(:aggregateType = 'Customer', :aggregateId,
    (SELECT CustomerId FROM Orders WHERE :aggregateType = 'Order' AND OrderId = :aggregateId))`;

const CUSTOMER = `
  SELECT Name AS name, Version AS version, ErasedAt IS NOT NULL AS erased,
    KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM Customers LEFT JOIN CustomerKeys USING (CustomerId)
  WHERE CustomerId = ${CUSTOMER_ID}`;

const RETIRED_KEYS = `
  SELECT KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM RetiredCustomerKeys WHERE CustomerId = ${CUSTOMER_ID}`;

/** Far above the number of versions and characters of any aggregate. */
const UNLIMITED = 2 ** 52;
const ALL: EventWindow = { after: 0, limit: UNLIMITED, maxCharacters: UNLIMITED };

/** Prepares reading events, the customer's keys and the heartbeat, all as of one point in time. */
export function prepareReadEvents(
  database: DatabaseSync,
  clock: Pick<Clock, 'now'>,
): (request: ReadEventsRequest) => StoredEvents {
  const inReadTransaction = prepareReadTransaction(database);
  const readHeartbeat = prepareHeartbeat(database, clock);
  const events = database.prepare(EVENTS);
  const customer = database.prepare(CUSTOMER);
  const retiredKeys = database.prepare(RETIRED_KEYS);
  const read: (request: ReadEventsRequest) => StoredEvents = (request) => {
    const { aggregateType, aggregateId, upToVersion = null, ownerId = null, window = ALL } = request;
    const heartbeat = readHeartbeat();
    const { after, limit, maxCharacters } = window;
    const found = events.all({ aggregateType, aggregateId, upToVersion, ownerId, after, limit, maxCharacters });
    if (found.length === 0) return { bodies: [], heartbeat };
    const stored = toStoredEvents({
      events: found,
      customers: customer.all({ aggregateType, aggregateId }),
      retiredKeys: retiredKeys.all({ aggregateType, aggregateId }),
    });
    return { ...stored, heartbeat };
  };
  return (request) => inReadTransaction(() => read(request));
}
