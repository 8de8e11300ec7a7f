import type { DatabaseSync } from 'node:sqlite';
import { toStoredEvents } from '../rows.ts';
import type { ReadEventsRequest, StoredEvents } from '../write-store.ts';

const EVENTS = `
  SELECT Body AS body FROM Events
  WHERE AggregateType = :aggregateType AND AggregateId = :aggregateId AND Version <= coalesce(:upToVersion, Version)
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

export function prepareReadEvents(database: DatabaseSync): (request: ReadEventsRequest) => StoredEvents {
  const events = database.prepare(EVENTS);
  const customer = database.prepare(CUSTOMER);
  const retiredKeys = database.prepare(RETIRED_KEYS);
  return ({ aggregateType, aggregateId, upToVersion = null }) =>
    toStoredEvents({
      events: events.all({ aggregateType, aggregateId, upToVersion }),
      customers: customer.all({ aggregateType, aggregateId }),
      retiredKeys: retiredKeys.all({ aggregateType, aggregateId }),
    });
}
