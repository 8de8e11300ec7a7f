/*
  Part of CommitCommand: saves a product's own columns. Its stock is not one of them, because it changes by deltas. A product is discontinued for
  good, so commits without discontinued, such as those of version 0.1.0, do not change that.
*/
CREATE OR ALTER PROCEDURE orders.SaveProduct
  @Product nvarchar(max),
  @PreviousVersion int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Row TABLE (
    ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Name nvarchar(400) NOT NULL,
    Price bigint NOT NULL,
    Currency char(3) NOT NULL,
    Discontinued bit NULL,
    Version int NOT NULL
  );

  INSERT INTO @Row (ProductId, Name, Price, Currency, Discontinued, Version)
  SELECT p.ProductId, p.Name, p.Price, p.Currency, p.Discontinued, p.Version
  FROM OPENJSON(@Product) WITH (
    ProductId nvarchar(4000) '$.productId',
    Name nvarchar(4000) '$.name',
    Price bigint '$.price',
    Currency nvarchar(4000) '$.currency',
    Discontinued bit '$.discontinued',
    Version int '$.version'
  ) AS p;

  IF @PreviousVersion = 0
    INSERT INTO orders.Products (ProductId, Name, Price, Currency, Version)
    SELECT ProductId, Name, Price, Currency, Version FROM @Row;
  ELSE
  BEGIN
    UPDATE stored
    SET
      Name = r.Name,
      Price = r.Price,
      Currency = r.Currency,
      Version = r.Version
    FROM orders.Products AS stored
    INNER JOIN @Row AS r ON r.ProductId = stored.ProductId
    WHERE stored.Version = @PreviousVersion;

    IF @@ROWCOUNT <> 1 THROW 51001, N'The product does not have the version that the command was decided on.', 1;
  END;

  INSERT INTO orders.DiscontinuedProducts (ProductId)
  SELECT r.ProductId
  FROM @Row AS r
  WHERE
    r.Discontinued = 1
    AND NOT EXISTS (SELECT 1 FROM orders.DiscontinuedProducts AS d WHERE d.ProductId = r.ProductId);
END;
