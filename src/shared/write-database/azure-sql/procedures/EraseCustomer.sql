/*
  Part of CommitCommand: destroys the data keys of a customer and erases the addresses and shipments in their orders. The remaining row prevents
  a new key for the customer.

  The condition is only on the customer's id: SQL Server would create statistics for a condition on the address, which hold addresses.

  One statement updates all orders. Above about 5,000 locks, SQL Server tries to escalate to a table lock, and other commands for
  orders then wait until the erasure is committed. This is acceptable because few customers have that many orders.
*/
CREATE OR ALTER PROCEDURE orders.EraseCustomer
  @CustomerId nvarchar(64)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Erased nvarchar(400) = N'[erased]';

  UPDATE orders.CustomerKeys WITH (UPDLOCK, HOLDLOCK)
  SET KeyId = NULL, WrappedKey = NULL, MasterKeyVersion = NULL, ErasedAt = SYSUTCDATETIME()
  WHERE CustomerId = @CustomerId;

  IF @@ROWCOUNT = 0
    INSERT INTO orders.CustomerKeys (CustomerId, ErasedAt) VALUES (@CustomerId, SYSUTCDATETIME());

  DELETE FROM orders.RetiredCustomerKeys WHERE CustomerId = @CustomerId;

  UPDATE orders.Orders
  SET
    ShippingStreet = IIF(ShippingStreet IS NULL, NULL, @Erased),
    ShippingCity = IIF(ShippingStreet IS NULL, NULL, @Erased),
    ShippingState = IIF(ShippingStreet IS NULL, NULL, @Erased),
    ShippingZip = IIF(ShippingStreet IS NULL, NULL, @Erased),
    ShippingCountry = NULL,
    Carrier = IIF(Carrier IS NULL, NULL, @Erased),
    TrackingNumber = IIF(TrackingNumber IS NULL, NULL, @Erased)
  WHERE CustomerId = @CustomerId;
END;
