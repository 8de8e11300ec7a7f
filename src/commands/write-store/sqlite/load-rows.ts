import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';
import { prepareReadTransaction } from '../../../shared/write-database/sqlite/read-transaction.ts';
import { toLoadedRows } from '../rows.ts';
import type { LoadedRows, LoadRequest } from '../write-store.ts';

/** The queries of the result sets, each on some of the parameters. */
const QUERIES = {
  commands: `
    SELECT CommandId AS commandId, PayloadHash AS payloadHash, AggregateType AS aggregateType, AggregateId AS aggregateId,
      Version AS version, json_extract(Body, '$.order.status') AS orderStatus,
      json_extract(Body, '$.order.currency') AS currency, json_extract(Body, '$.order.total') AS total, EventId AS eventId,
      EXISTS (SELECT 1 FROM RefusedEvents AS refused WHERE refused.AggregateType = Commands.AggregateType
        AND refused.AggregateId = Commands.AggregateId) AS held
    FROM Commands LEFT JOIN Events USING (AggregateType, AggregateId, Version) WHERE CommandId = :commandId`,
  orders: `
    SELECT OrderId AS orderId, CustomerId AS customerId, Status AS status, Currency AS currency, Total AS total,
      ShippingStreet AS street, ShippingCity AS city, ShippingState AS state, ShippingZip AS zip, ShippingCountry AS country,
      PlacedAt AS placedAt, ConfirmedAt AS confirmedAt, Carrier AS carrier, TrackingNumber AS trackingNumber,
      ShippedAt AS shippedAt, DeliveredAt AS deliveredAt, Version AS version, LastLine AS lastLine
    FROM Orders WHERE OrderId = :orderId`,
  items: `
    SELECT OrderItems.Line AS line, ProductId AS productId, Quantity AS quantity, Price AS price, carried.productName AS productName
    FROM OrderItems LEFT JOIN (
      SELECT item.value ->> 'line' AS line, item.value ->> 'productName' AS productName
      FROM Orders JOIN EventLog ON AggregateType = 'Order' AND AggregateId = OrderId AND EventLog.Version = Orders.Version,
        json_each(Body, '$.order.items') AS item
      WHERE OrderId = :orderId AND Status <> 'draft') AS carried ON carried.line = OrderItems.Line
    WHERE OrderId = :orderId ORDER BY OrderItems.Line`,
  customers: `
    SELECT CustomerId AS customerId, Name AS name, Email AS email, Phone AS phone, Currency AS currency,
      CreditLimit AS creditLimit, CreditUsed AS creditUsed, ErasedAt IS NOT NULL AS erased, Version AS version,
      KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion,
      ErasureRequestedBy AS erasureRequestedBy
    FROM Customers LEFT JOIN CustomerKeys USING (CustomerId)
    WHERE CustomerId = coalesce(:customerId, (SELECT CustomerId FROM Orders WHERE OrderId = :orderId))`,
  products: `
    SELECT ProductId AS productId, Name AS name, Price AS price, Currency AS currency, Available AS available,
      Version AS version, Discontinued AS discontinued
    FROM Products
    WHERE ProductId IN (
      SELECT value FROM json_each(:productIds) UNION SELECT ProductId FROM OrderItems WHERE OrderId = :orderId)
    ORDER BY ProductId`,
  syncLags: `
    SELECT ReadModel AS readModel, Measure AS measure, LagMs AS lagMs, :now - ReportedAt AS ageMs FROM SyncLags`,
};

/** Counts the customer's open drafts, up to `atMost`, from the index IX_Orders_OpenDrafts. */
export const OPEN_DRAFTS = `
  SELECT count(*) AS openDrafts
  FROM (SELECT 1 FROM Orders WHERE CustomerId = :customerId AND Status = 'draft' LIMIT :atMost)`;

/** Prepares the load of a command's rows in one read transaction. */
export function prepareLoad(database: DatabaseSync, { now }: Pick<Clock, 'now'>): (request: LoadRequest) => LoadedRows {
  const inReadTransaction = prepareReadTransaction(database);
  const openDrafts = database.prepare(OPEN_DRAFTS);
  const queries = Object.entries(QUERIES).map(([set, sql]) => {
    const query = database.prepare(sql);
    query.setAllowUnknownNamedParameters(true);
    return { set, query };
  });

  return ({ commandId, orderId = null, customerId = null, productIds, countDraftsUpTo: atMost }) => {
    const parameters = { commandId, orderId, customerId, productIds: JSON.stringify(productIds), now: now() };
    return inReadTransaction(() =>
      toLoadedRows({
        ...Object.fromEntries(queries.map(({ set, query }) => [set, query.all(parameters)])),
        ...(atMost !== undefined && { draftCounts: openDrafts.all({ customerId, atMost }) }),
      }),
    );
  };
}
