/*
  Part of CommitCommand: refuses an order (51009) that takes units of a discontinued product. Runs after MoveStock, which has locked the
  products: a command that discontinues one has either committed before, so that this sees it, or waits for this commit.
*/
CREATE OR ALTER PROCEDURE orders.CheckDiscontinued
  @Stock nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  IF EXISTS (
    SELECT 1
    FROM OPENJSON(@Stock) WITH (ProductId nvarchar(4000) '$.productId', Delta bigint '$.delta') AS s
    INNER JOIN orders.DiscontinuedProducts AS d ON d.ProductId = s.ProductId COLLATE Latin1_General_100_BIN2
    WHERE s.Delta < 0
  )
    THROW 51009, N'The order takes units of a product that is discontinued.', 1;
END;
