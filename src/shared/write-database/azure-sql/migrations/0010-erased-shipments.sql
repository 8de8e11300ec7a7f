/*
  A carrier and a tracking number lead to a person. EraseCustomer erases them from now on; this erases them for the customers who
  were erased before. A statement that takes 5,000 locks would lock the whole table, so each one changes fewer rows.
*/
DECLARE @Shipments TABLE (
  Position int IDENTITY NOT NULL PRIMARY KEY,
  OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL
);
DECLARE @Done int = 0;
DECLARE @Total int;
DECLARE @BatchSize int = 1000;

INSERT INTO @Shipments (OrderId)
SELECT o.OrderId
FROM orders.Orders AS o
INNER JOIN orders.CustomerKeys AS k ON k.CustomerId = o.CustomerId
WHERE k.ErasedAt IS NOT NULL AND o.Carrier IS NOT NULL;

SELECT @Total = COUNT(*) FROM @Shipments;

WHILE @Done < @Total
BEGIN
  UPDATE o
  SET Carrier = N'[erased]', TrackingNumber = N'[erased]'
  FROM @Shipments AS s
  INNER JOIN orders.Orders AS o ON o.OrderId = s.OrderId
  WHERE s.Position > @Done AND s.Position <= @Done + @BatchSize
  OPTION (LOOP JOIN, FORCE ORDER);

  SET @Done = @Done + @BatchSize;
END;
