/*
  An aggregate's events up to a version (null: all), in version order; and the customer that they are about, as of now, with the
  data key that opens them.
*/
CREATE OR ALTER PROCEDURE orders.ReadEvents
  @AggregateType nvarchar(16),
  @AggregateId nvarchar(4000),
  @UpToVersion bigint
AS
BEGIN
  SET NOCOUNT ON;

  SELECT Body AS body
  FROM orders.Events
  WHERE AggregateType = @AggregateType AND AggregateId = @AggregateId AND Version <= COALESCE(@UpToVersion, Version)
  ORDER BY Version;

  SELECT
    c.Name AS name,
    c.Version AS version,
    CASE WHEN k.ErasedAt IS NULL THEN 0 ELSE 1 END AS erased,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM orders.Customers AS c
  LEFT JOIN orders.CustomerKeys AS k ON k.CustomerId = c.CustomerId
  WHERE
    c.CustomerId = CASE @AggregateType
      WHEN N'Customer' THEN @AggregateId
      WHEN N'Order' THEN (SELECT o.CustomerId FROM orders.Orders AS o WHERE o.OrderId = @AggregateId)
    END;
END;
