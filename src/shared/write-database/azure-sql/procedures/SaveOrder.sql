/*
  Part of CommitCommand: saves an order with its items, and whether it waits for its confirmation. A commit of version 0.1.0 has no last line.
  A local variable has the document: see CommitCommand.
*/
CREATE OR ALTER PROCEDURE orders.SaveOrder
  @Order nvarchar(max),
  @PreviousVersion int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Document nvarchar(max) = @Order;
  DECLARE @Row TABLE (
    OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    OrderStatus nvarchar(40) NOT NULL,
    Currency char(3) NOT NULL,
    Total bigint NOT NULL,
    ShippingStreet nvarchar(400) NULL,
    ShippingCity nvarchar(400) NULL,
    ShippingState nvarchar(400) NULL,
    ShippingZip nvarchar(400) NULL,
    ShippingCountry nvarchar(400) NULL,
    PlacedAt datetime2(3) NULL,
    ConfirmedAt datetime2(3) NULL,
    Carrier nvarchar(400) NULL,
    TrackingNumber nvarchar(400) NULL,
    ShippedAt datetime2(3) NULL,
    DeliveredAt datetime2(3) NULL,
    Version int NOT NULL,
    LastLine int NULL
  );

  INSERT INTO @Row (
    OrderId, CustomerId, OrderStatus, Currency, Total, ShippingStreet, ShippingCity, ShippingState, ShippingZip,
    ShippingCountry, PlacedAt, ConfirmedAt, Carrier, TrackingNumber, ShippedAt, DeliveredAt, Version, LastLine
  )
  SELECT
    o.OrderId, o.CustomerId, o.OrderStatus, o.Currency, o.Total, o.ShippingStreet, o.ShippingCity, o.ShippingState,
    o.ShippingZip, o.ShippingCountry, CONVERT(datetime2(3), o.PlacedAt, 127), CONVERT(datetime2(3), o.ConfirmedAt, 127),
    o.Carrier, o.TrackingNumber, CONVERT(datetime2(3), o.ShippedAt, 127), CONVERT(datetime2(3), o.DeliveredAt, 127),
    o.Version, o.LastLine
  FROM OPENJSON(@Document) WITH (
    OrderId nvarchar(4000) '$.orderId',
    CustomerId nvarchar(4000) '$.customerId',
    OrderStatus nvarchar(4000) '$.status',
    Currency nvarchar(4000) '$.currency',
    Total bigint '$.total',
    ShippingStreet nvarchar(4000) '$.shippingAddress.street',
    ShippingCity nvarchar(4000) '$.shippingAddress.city',
    ShippingState nvarchar(4000) '$.shippingAddress.state',
    ShippingZip nvarchar(4000) '$.shippingAddress.zip',
    ShippingCountry nvarchar(4000) '$.shippingAddress.country',
    PlacedAt nvarchar(40) '$.placedAt',
    ConfirmedAt nvarchar(40) '$.confirmedAt',
    Carrier nvarchar(4000) '$.tracking.carrier',
    TrackingNumber nvarchar(4000) '$.tracking.trackingNumber',
    ShippedAt nvarchar(40) '$.tracking.shippedAt',
    DeliveredAt nvarchar(40) '$.tracking.deliveredAt',
    Version int '$.version',
    LastLine int '$.lastLine'
  ) AS o;

  IF @PreviousVersion = 0
    INSERT INTO orders.Orders (
      OrderId, CustomerId, OrderStatus, Currency, Total, ShippingStreet, ShippingCity, ShippingState, ShippingZip,
      ShippingCountry, PlacedAt, ConfirmedAt, Carrier, TrackingNumber, ShippedAt, DeliveredAt, Version
    )
    SELECT
      OrderId, CustomerId, OrderStatus, Currency, Total, ShippingStreet, ShippingCity, ShippingState, ShippingZip,
      ShippingCountry, PlacedAt, ConfirmedAt, Carrier, TrackingNumber, ShippedAt, DeliveredAt, Version
    FROM @Row;
  ELSE
  BEGIN
    UPDATE stored
    SET
      CustomerId = r.CustomerId,
      OrderStatus = r.OrderStatus,
      Currency = r.Currency,
      Total = r.Total,
      ShippingStreet = r.ShippingStreet,
      ShippingCity = r.ShippingCity,
      ShippingState = r.ShippingState,
      ShippingZip = r.ShippingZip,
      ShippingCountry = r.ShippingCountry,
      PlacedAt = r.PlacedAt,
      ConfirmedAt = r.ConfirmedAt,
      Carrier = r.Carrier,
      TrackingNumber = r.TrackingNumber,
      ShippedAt = r.ShippedAt,
      DeliveredAt = r.DeliveredAt,
      Version = r.Version
    FROM orders.Orders AS stored
    INNER JOIN @Row AS r ON r.OrderId = stored.OrderId
    WHERE stored.Version = @PreviousVersion;

    IF @@ROWCOUNT <> 1 THROW 51001, N'The order does not have the version that the command was decided on.', 1;
  END;

  DECLARE @OrderId nvarchar(64) = (SELECT OrderId FROM @Row);
  DECLARE @Items nvarchar(max) = JSON_QUERY(@Document, N'$.items');
  EXEC orders.SaveOrderItems @OrderId, @Items;

  UPDATE stored
  SET LastLine = r.LastLine
  FROM orders.LastLines AS stored
  INNER JOIN @Row AS r ON r.OrderId = stored.OrderId
  WHERE r.LastLine > stored.LastLine;

  INSERT INTO orders.LastLines (OrderId, LastLine)
  SELECT r.OrderId, r.LastLine
  FROM @Row AS r
  WHERE
    r.LastLine > COALESCE((SELECT MAX(i.Line) FROM orders.OrderItems AS i WHERE i.OrderId = r.OrderId), 0)
    AND NOT EXISTS (SELECT 1 FROM orders.LastLines AS l WHERE l.OrderId = r.OrderId);

  /* The event of a submission has the time when its command was accepted. */
  INSERT INTO orders.UnconfirmedOrders (OrderId, SubmittedAt)
  SELECT r.OrderId, CONVERT(datetime2(3), JSON_VALUE(e.Body, N'$.timestamp'), 127)
  FROM @Row AS r
  INNER JOIN orders.Events AS e
    ON e.AggregateType = N'Order' AND e.AggregateId = r.OrderId AND e.Version = r.Version
  WHERE
    r.OrderStatus = N'submitted'
    AND NOT EXISTS (SELECT 1 FROM orders.UnconfirmedOrders AS u WHERE u.OrderId = r.OrderId);

  DELETE u
  FROM orders.UnconfirmedOrders AS u
  INNER JOIN @Row AS r ON r.OrderId = u.OrderId
  WHERE r.OrderStatus <> N'submitted';
END;
