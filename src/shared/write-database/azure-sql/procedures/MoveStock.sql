/*
  Part of CommitCommand: adds the deltas to the products' available stock.

  The loop join reads @Moves by its key, so two orders lock the products they share in the same order and do not deadlock.
  Should a plan reorder them nevertheless, one of the two gets error 1205 and its caller runs it again.
*/
CREATE OR ALTER PROCEDURE orders.MoveStock
  @Stock nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Moves TABLE (
    ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    Delta bigint NOT NULL
  );

  INSERT INTO @Moves (ProductId, Delta)
  SELECT s.ProductId, s.Delta
  FROM OPENJSON(@Stock) WITH (ProductId nvarchar(4000) '$.productId', Delta bigint '$.delta') AS s;

  DECLARE @Expected int = @@ROWCOUNT;

  UPDATE p
  SET Available = p.Available + m.Delta
  FROM @Moves AS m
  INNER JOIN orders.Products AS p ON p.ProductId = m.ProductId
  OPTION (LOOP JOIN, FORCE ORDER);

  IF @@ROWCOUNT <> @Expected THROW 51002, N'A commit moves the stock of a product that does not exist.', 1;
END;
