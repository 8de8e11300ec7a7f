/*
  Returns an aggregate's events up to a version (null: all) in version order, and the current row of the customer whom they are
  about, with their current data key. A third result set has the earlier keys of the customer, which decrypt older events.
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

  DECLARE @CustomerId nvarchar(64) = CASE @AggregateType
    WHEN N'Customer' THEN @AggregateId
    WHEN N'Order' THEN (SELECT o.CustomerId FROM orders.Orders AS o WHERE o.OrderId = @AggregateId)
  END;

  SELECT
    c.Name AS name,
    c.Version AS version,
    CASE WHEN k.ErasedAt IS NULL THEN 0 ELSE 1 END AS erased,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM orders.Customers AS c
  LEFT JOIN orders.CustomerKeys AS k ON k.CustomerId = c.CustomerId
  WHERE c.CustomerId = @CustomerId;

  SELECT
    KeyId AS keyId,
    WrappedKey AS wrappedKey,
    MasterKeyVersion AS masterKeyVersion
  FROM orders.RetiredCustomerKeys
  WHERE CustomerId = @CustomerId;
END;
