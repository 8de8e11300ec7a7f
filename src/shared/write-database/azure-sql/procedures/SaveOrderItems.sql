/*
  Part of CommitCommand: replaces an order's lines. Unchanged lines are not rewritten, because most commands change no lines.

  The loop join also applies to the check of the foreign key to Products: it seeks each product of the lines, in the order of
  their ids. A merge or hash join would read all products, and so wait for every product that another command has locked.
*/
CREATE OR ALTER PROCEDURE orders.SaveOrderItems
  @OrderId nvarchar(64),
  @Items nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Lines TABLE (
    ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Line int NOT NULL,
    Quantity int NOT NULL,
    Price bigint NOT NULL,
    PRIMARY KEY (ProductId, Line)
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
  WHERE NOT EXISTS (SELECT 1 FROM orders.OrderItems AS stored WHERE stored.OrderId = @OrderId AND stored.Line = l.Line)
  ORDER BY l.ProductId, l.Line
  OPTION (LOOP JOIN, FORCE ORDER);
END;
