/*
  Returns what the tables hold of a customer apart from their orders and events, for the export: the row, a request for an erasure, and
  the data keys without the keys themselves. No row: there is no such customer. SNAPSHOT isolation (see LoadForCommand), so that the rows
  are those before an erasure or those after it.
*/
CREATE OR ALTER PROCEDURE orders.ExportCustomer
  @CustomerId nvarchar(4000)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  BEGIN TRANSACTION;

  SELECT
    c.CustomerId AS customerId,
    c.Name AS name,
    c.Email AS email,
    c.Phone AS phone,
    c.Currency AS currency,
    c.CreditLimit AS creditLimit,
    c.CreditUsed AS creditUsed,
    c.Version AS version
  FROM orders.Customers AS c
  WHERE c.CustomerId = @CustomerId;

  SELECT e.RequestedBy AS requestedBy
  FROM orders.ErasureRequests AS e
  WHERE e.CustomerId = @CustomerId;

  SELECT k.KeyId AS keyId, k.MasterKeyVersion AS masterKeyVersion, k.ErasedAt AS erasedAt
  FROM orders.CustomerKeys AS k
  WHERE k.CustomerId = @CustomerId;

  SELECT r.KeyId AS keyId, r.MasterKeyVersion AS masterKeyVersion, r.RetiredAt AS retiredAt
  FROM orders.RetiredCustomerKeys AS r
  WHERE r.CustomerId = @CustomerId
  ORDER BY r.RetiredAt, r.KeyId;

  COMMIT TRANSACTION;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ExportCustomer TO order_sync;
