/* Part of CommitCommand: makes an order's lines these. Lines that stay as they are stay untouched, which most commands' do. */
CREATE OR ALTER PROCEDURE orders.SaveOrderItems
  @OrderId nvarchar(64),
  @Items nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Lines TABLE (
    Line int NOT NULL PRIMARY KEY,
    ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Quantity int NOT NULL,
    Price bigint NOT NULL
  );

  INSERT INTO @Lines (Line, ProductId, Quantity, Price)
  SELECT i.Line, i.ProductId, i.Quantity, i.Price
  FROM OPENJSON(@Items) WITH (
    Line int '$.line',
    ProductId nvarchar(4000) '$.productId',
    Quantity int '$.quantity',
    Price bigint '$.price'
  ) AS i;

  DELETE stored
  FROM orders.OrderItems AS stored
  WHERE
    stored.OrderId = @OrderId
    AND NOT EXISTS (
      SELECT 1
      FROM @Lines AS l
      WHERE
        l.Line = stored.Line
        AND l.ProductId = stored.ProductId
        AND l.Quantity = stored.Quantity
        AND l.Price = stored.Price
    );

  INSERT INTO orders.OrderItems (OrderId, Line, ProductId, Quantity, Price)
  SELECT @OrderId, l.Line, l.ProductId, l.Quantity, l.Price
  FROM @Lines AS l
  WHERE NOT EXISTS (SELECT 1 FROM orders.OrderItems AS stored WHERE stored.OrderId = @OrderId AND stored.Line = l.Line);
END;
