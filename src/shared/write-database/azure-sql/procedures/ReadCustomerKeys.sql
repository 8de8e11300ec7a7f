/*
  The data keys of customers, by their ids (a JSON array of text): what the sync app opens events with. Of one who was erased the
  columns are null; who has no row was never known here.
*/
CREATE OR ALTER PROCEDURE orders.ReadCustomerKeys
  @CustomerIds nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;

  SELECT
    k.CustomerId AS customerId,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM orders.CustomerKeys AS k
  INNER JOIN OPENJSON(@CustomerIds) WITH (CustomerId nvarchar(4000) '$') AS wanted
    ON wanted.CustomerId COLLATE Latin1_General_100_BIN2 = k.CustomerId;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadCustomerKeys TO order_sync;
