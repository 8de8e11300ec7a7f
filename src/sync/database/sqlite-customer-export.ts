import type { DatabaseSync } from 'node:sqlite';
import { prepareReadTransaction } from '../../shared/write-database/sqlite/read-transaction.ts';
import type { CustomerExport } from './customer-export.ts';
import { toExportedCustomer, toExportedEvents, toExportedOrders } from './exported-rows.ts';

const CUSTOMER = `
  SELECT CustomerId AS customerId, Name AS name, Email AS email, Phone AS phone, Currency AS currency,
    CreditLimit AS creditLimit, CreditUsed AS creditUsed, Version AS version
  FROM Customers WHERE CustomerId = :customerId`;

const ERASURE_REQUESTS = `
  SELECT ErasureRequestedBy AS requestedBy FROM Customers
  WHERE CustomerId = :customerId AND ErasureRequestedBy IS NOT NULL`;

const KEYS = `
  SELECT KeyId AS keyId, MasterKeyVersion AS masterKeyVersion, ErasedAt AS erasedAt
  FROM CustomerKeys WHERE CustomerId = :customerId`;

const RETIRED_KEYS = `
  SELECT KeyId AS keyId, MasterKeyVersion AS masterKeyVersion, RetiredAt AS retiredAt
  FROM RetiredCustomerKeys WHERE CustomerId = :customerId ORDER BY RetiredAt, KeyId`;

const PAGE =
  'SELECT OrderId FROM Orders WHERE CustomerId = :customerId AND OrderId > :after ORDER BY OrderId LIMIT :limit';

const ORDERS = `
  SELECT OrderId AS orderId, Status AS status, Currency AS currency, Total AS total, ShippingStreet AS shippingStreet,
    ShippingCity AS shippingCity, ShippingState AS shippingState, ShippingZip AS shippingZip,
    ShippingCountry AS shippingCountry, PlacedAt AS placedAt, ConfirmedAt AS confirmedAt, Carrier AS carrier,
    TrackingNumber AS trackingNumber, ShippedAt AS shippedAt, DeliveredAt AS deliveredAt, Version AS version,
    LastLine AS lastLine, SubmittedAt AS unconfirmedSince
  FROM Orders LEFT JOIN UnconfirmedOrders USING (OrderId)
  WHERE OrderId IN (${PAGE}) ORDER BY OrderId`;

const ITEMS = `
  SELECT OrderId AS orderId, Line AS line, ProductId AS productId, Quantity AS quantity, Price AS price
  FROM OrderItems WHERE OrderId IN (${PAGE}) ORDER BY OrderId, Line`;

/** `Preceding` counts the characters of the preceding events in the page. */
const EVENTS = `
  WITH Page AS (
    SELECT AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body FROM EventLog
    WHERE (AggregateType = 'Customer' AND AggregateId = :customerId
        OR AggregateType = 'Order' AND AggregateId IN (SELECT OrderId FROM Orders WHERE CustomerId = :customerId))
      AND (AggregateType, AggregateId, Version) > (:aggregateType, :aggregateId, :version)
    ORDER BY AggregateType, AggregateId, Version LIMIT :limit
  ),
  Sized AS (
    SELECT *, sum(length(Body)) OVER (ORDER BY AggregateType, AggregateId, Version) - length(Body) AS Preceding FROM Page
  )
  SELECT Sized.AggregateType AS aggregateType, Sized.AggregateId AS aggregateId, Sized.Version AS version,
    RecordedAt AS recordedAt, PublishedAt AS publishedAt, Body AS body, CommandId AS commandId,
    CommandType AS commandType, PayloadHash AS payloadHash, AcceptedAt AS acceptedAt, Refusals AS refusals
  FROM Sized
    LEFT JOIN Commands ON CommandId = Body ->> 'causationId'
    LEFT JOIN RefusedEvents USING (AggregateType, AggregateId, Version)
  WHERE Preceding <= :maxCharacters
  ORDER BY Sized.AggregateType, Sized.AggregateId, Sized.Version`;

/** Before the key of every event. */
const BEGINNING = { aggregateType: '', aggregateId: '', version: 0 };

/** The rows of a customer in the embedded write database. */
export function sqliteCustomerExport(database: DatabaseSync): CustomerExport {
  const inReadTransaction = prepareReadTransaction(database);
  const customers = database.prepare(CUSTOMER);
  const erasureRequests = database.prepare(ERASURE_REQUESTS);
  const keys = database.prepare(KEYS);
  const retiredKeys = database.prepare(RETIRED_KEYS);
  const orders = database.prepare(ORDERS);
  const items = database.prepare(ITEMS);
  const events = database.prepare(EVENTS);
  return {
    customer: async (customerId) =>
      inReadTransaction(() =>
        toExportedCustomer({
          customers: customers.all({ customerId }),
          erasureRequests: erasureRequests.all({ customerId }),
          keys: keys.all({ customerId }),
          retiredKeys: retiredKeys.all({ customerId }),
        }),
      ),
    orders: async (customerId, after, limit) =>
      inReadTransaction(() =>
        toExportedOrders({
          orders: orders.all({ customerId, after, limit }),
          items: items.all({ customerId, after, limit }),
        }),
      ),
    events: async ({ after = BEGINNING, ...request }) => {
      const { aggregateType, aggregateId, version } = after;
      return toExportedEvents(events.all({ ...request, aggregateType, aggregateId, version }));
    },
  };
}
