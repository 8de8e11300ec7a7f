/*
  Part of CommitCommand: destroys the data key of a customer, and the addresses of their orders. What stays of the key keeps
  another one from being made.

  The orders change in one statement. From about 5,000 locks on, SQL Server tries to take one on the whole table in their place,
  and other commands for orders then wait until the erasing is committed: accepted, since few customers have that many orders.
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

  UPDATE orders.Orders
  SET
    ShippingStreet = @Erased,
    ShippingCity = @Erased,
    ShippingState = @Erased,
    ShippingZip = @Erased,
    ShippingCountry = NULL
  WHERE CustomerId = @CustomerId AND ShippingStreet IS NOT NULL;
END;
