/*
  Returns the rows for a command as five result sets: command, order, items, customer, products. A sixth one has the lag of the
  read models, for the response. With @CountDraftsUpTo, the seventh one has the number of the customer's open drafts, counted up
  to that value; otherwise it is empty.

  Uses SNAPSHOT isolation because all statements must see the same point in time. Under READ COMMITTED SNAPSHOT, each statement
  sees its own point in time, so an order could be returned with the items of its next version. SNAPSHOT takes no locks, and a
  read-only transaction has no update conflicts. Azure SQL always allows it; the migration enables it on other servers. The
  isolation level is reset when the procedure returns.

  Id parameters are longer than the columns, so that an id that is too long matches nothing instead of being truncated.
*/
CREATE OR ALTER PROCEDURE orders.LoadForCommand
  @CommandId nvarchar(4000),
  @OrderId nvarchar(4000),
  @CustomerId nvarchar(4000),
  @ProductIds nvarchar(max),
  @CountDraftsUpTo int = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  /* The product names that a submitted order keeps, from its newest event. */
  DECLARE @Names TABLE (Line int NOT NULL PRIMARY KEY, ProductName nvarchar(400) NULL);

  BEGIN TRANSACTION;

  SELECT
    Commands.CommandId AS commandId,
    Commands.PayloadHash AS payloadHash,
    Commands.AggregateType AS aggregateType,
    Commands.AggregateId AS aggregateId,
    Commands.Version AS version,
    JSON_VALUE(Events.Body, '$.order.status') AS orderStatus,
    JSON_VALUE(Events.Body, '$.order.currency') AS currency,
    CAST(JSON_VALUE(Events.Body, '$.order.total') AS bigint) AS total,
    Events.EventId AS eventId,
    CASE WHEN EXISTS (
      SELECT 1
      FROM orders.RefusedEvents AS refused
      WHERE refused.AggregateType = Commands.AggregateType AND refused.AggregateId = Commands.AggregateId
    ) THEN 1 ELSE 0 END AS held
  FROM orders.Commands
  LEFT JOIN orders.Events
    ON Events.AggregateType = Commands.AggregateType
    AND Events.AggregateId = Commands.AggregateId
    AND Events.Version = Commands.Version
  WHERE Commands.CommandId = @CommandId;

  SELECT
    o.OrderId AS orderId,
    o.CustomerId AS customerId,
    o.OrderStatus AS status,
    o.Currency AS currency,
    o.Total AS total,
    o.ShippingStreet AS street,
    o.ShippingCity AS city,
    o.ShippingState AS state,
    o.ShippingZip AS zip,
    o.ShippingCountry AS country,
    o.PlacedAt AS placedAt,
    o.ConfirmedAt AS confirmedAt,
    o.Carrier AS carrier,
    o.TrackingNumber AS trackingNumber,
    o.ShippedAt AS shippedAt,
    o.DeliveredAt AS deliveredAt,
    o.Version AS version,
    l.LastLine AS lastLine
  FROM orders.Orders AS o
  LEFT JOIN orders.LastLines AS l ON l.OrderId = o.OrderId
  WHERE o.OrderId = @OrderId;

  INSERT INTO @Names (Line, ProductName)
  SELECT carried.Line, carried.ProductName
  FROM orders.Orders AS o
  INNER JOIN orders.EventLog AS e ON e.AggregateType = N'Order' AND e.AggregateId = o.OrderId AND e.Version = o.Version
  CROSS APPLY OPENJSON(e.Body, N'$.order.items') WITH (
    Line int '$.line',
    ProductName nvarchar(400) '$.productName'
  ) AS carried
  WHERE o.OrderId = @OrderId AND o.OrderStatus <> N'draft';

  SELECT
    i.Line AS line,
    i.ProductId AS productId,
    i.Quantity AS quantity,
    i.Price AS price,
    n.ProductName AS productName
  FROM orders.OrderItems AS i
  LEFT JOIN @Names AS n ON n.Line = i.Line
  WHERE i.OrderId = @OrderId
  ORDER BY i.Line;

  SELECT
    c.CustomerId AS customerId,
    c.Name AS name,
    c.Email AS email,
    c.Phone AS phone,
    c.Currency AS currency,
    c.CreditLimit AS creditLimit,
    c.CreditUsed AS creditUsed,
    CASE WHEN k.ErasedAt IS NULL THEN 0 ELSE 1 END AS erased,
    c.Version AS version,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion,
    e.RequestedBy AS erasureRequestedBy
  FROM orders.Customers AS c
  LEFT JOIN orders.CustomerKeys AS k ON k.CustomerId = c.CustomerId
  LEFT JOIN orders.ErasureRequests AS e ON e.CustomerId = c.CustomerId
  WHERE c.CustomerId = COALESCE(@CustomerId, (SELECT o.CustomerId FROM orders.Orders AS o WHERE o.OrderId = @OrderId));

  SELECT
    p.ProductId AS productId,
    p.Name AS name,
    p.Price AS price,
    p.Currency AS currency,
    p.Available AS available,
    p.Version AS version,
    CASE WHEN d.ProductId IS NULL THEN 0 ELSE 1 END AS discontinued
  FROM orders.Products AS p
  LEFT JOIN orders.DiscontinuedProducts AS d ON d.ProductId = p.ProductId
  INNER JOIN (
    SELECT ids.ProductId COLLATE Latin1_General_100_BIN2 AS ProductId
    FROM OPENJSON(@ProductIds) WITH (ProductId nvarchar(4000) '$') AS ids
    UNION
    SELECT i.ProductId FROM orders.OrderItems AS i WHERE i.OrderId = @OrderId
  ) AS wanted ON wanted.ProductId = p.ProductId
  ORDER BY p.ProductId;

  SELECT
    ReadModel AS readModel,
    Measure AS measure,
    LagMs AS lagMs,
    DATEDIFF_BIG(MILLISECOND, ReportedAt, SYSUTCDATETIME()) AS ageMs
  FROM orders.SyncLags;

  SELECT COUNT(*) AS openDrafts
  FROM (
    SELECT TOP (COALESCE(@CountDraftsUpTo, 0)) o.CustomerId
    FROM orders.Orders AS o
    WHERE o.CustomerId = @CustomerId AND o.OrderStatus = N'draft'
  ) AS drafts
  HAVING @CountDraftsUpTo IS NOT NULL;

  COMMIT TRANSACTION;
END;
