/*
  Returns the data keys of customers by id (a JSON array of strings), with which the sync app decrypts events. For an erased
  customer the key columns are null; a customer without a row has never had a key. A second result set has the customers' earlier
  keys, which decrypt older events. SNAPSHOT isolation (see LoadForCommand), because an erasure between the two reads would leave the
  current key without the earlier ones, and their events would become dead letters.
*/
CREATE OR ALTER PROCEDURE orders.ReadCustomerKeys
  @CustomerIds nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  BEGIN TRANSACTION;

  SELECT
    k.CustomerId AS customerId,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM orders.CustomerKeys AS k
  INNER JOIN OPENJSON(@CustomerIds) WITH (CustomerId nvarchar(4000) '$') AS wanted
    ON wanted.CustomerId COLLATE Latin1_General_100_BIN2 = k.CustomerId;

  SELECT
    r.CustomerId AS customerId,
    r.KeyId AS keyId,
    r.WrappedKey AS wrappedKey,
    r.MasterKeyVersion AS masterKeyVersion
  FROM orders.RetiredCustomerKeys AS r
  INNER JOIN OPENJSON(@CustomerIds) WITH (CustomerId nvarchar(4000) '$') AS wanted
    ON wanted.CustomerId COLLATE Latin1_General_100_BIN2 = r.CustomerId;

  COMMIT TRANSACTION;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadCustomerKeys TO order_sync;
