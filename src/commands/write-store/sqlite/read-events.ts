import type { DatabaseSync } from 'node:sqlite';
import { toStoredEvents } from '../rows.ts';
import type { ReadEventsRequest, StoredEvents } from '../write-store.ts';

const EVENTS = `
  SELECT Body AS body FROM Events
  WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND Version <= coalesce(:upToVersion, Version)
  ORDER BY Version`;

const CUSTOMER = `
  SELECT Name AS name, Version AS version, ErasedAt IS NOT NULL AS erased,
    KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM Customers LEFT JOIN CustomerKeys USING (CustomerId)
  WHERE CustomerId = iif(:aggregateType = 'Customer', :aggregateId,
    (SELECT CustomerId FROM Orders WHERE :aggregateType = 'Order' AND OrderId = :aggregateId))`;

export function prepareReadEvents(database: DatabaseSync): (request: ReadEventsRequest) => StoredEvents {
  const events = database.prepare(EVENTS);
  const customer = database.prepare(CUSTOMER);
  return ({ aggregateType, aggregateId, upToVersion = null }) =>
    toStoredEvents({
      events: events.all({ aggregateType, aggregateId, upToVersion }),
      customers: customer.all({ aggregateType, aggregateId }),
    });
}
