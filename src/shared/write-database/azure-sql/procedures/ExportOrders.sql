/*
  Returns at most @MaxOrders orders of a customer after an id, ordered by id, for the export: the orders, and then their lines. SNAPSHOT
  isolation (see LoadForCommand), so that an order has the lines of its own version.
*/
CREATE OR ALTER PROCEDURE orders.ExportOrders
  @CustomerId nvarchar(4000),
  @AfterOrderId nvarchar(64),
  @MaxOrders int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  DECLARE @Page TABLE (OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY);

  BEGIN TRANSACTION;

  INSERT INTO @Page (OrderId)
  SELECT TOP (@MaxOrders) o.OrderId
  FROM orders.Orders AS o
  WHERE o.CustomerId = @CustomerId AND o.OrderId > @AfterOrderId
  ORDER BY o.OrderId;

  SELECT
    o.OrderId AS orderId,
    o.OrderStatus AS status,
    o.Currency AS currency,
    o.Total AS total,
    o.ShippingStreet AS shippingStreet,
    o.ShippingCity AS shippingCity,
    o.ShippingState AS shippingState,
    o.ShippingZip AS shippingZip,
    o.ShippingCountry AS shippingCountry,
    o.PlacedAt AS placedAt,
    o.ConfirmedAt AS confirmedAt,
    o.Carrier AS carrier,
    o.TrackingNumber AS trackingNumber,
    o.ShippedAt AS shippedAt,
    o.DeliveredAt AS deliveredAt,
    o.Version AS version,
    l.LastLine AS lastLine,
    u.SubmittedAt AS unconfirmedSince
  FROM @Page AS p
  INNER JOIN orders.Orders AS o ON o.OrderId = p.OrderId
  LEFT JOIN orders.LastLines AS l ON l.OrderId = p.OrderId
  LEFT JOIN orders.UnconfirmedOrders AS u ON u.OrderId = p.OrderId
  ORDER BY o.OrderId;

  SELECT
    i.OrderId AS orderId,
    i.Line AS line,
    i.ProductId AS productId,
    i.Quantity AS quantity,
    i.Price AS price
  FROM @Page AS p
  INNER JOIN orders.OrderItems AS i ON i.OrderId = p.OrderId
  ORDER BY i.OrderId, i.Line;

  COMMIT TRANSACTION;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ExportOrders TO order_sync;
