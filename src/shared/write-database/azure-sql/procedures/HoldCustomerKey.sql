/*
  Part of CommitCommand: stores or verifies the data key that encrypts the events. A new key is stored; PK_CustomerKeys rejects it
  when another command stored one first or the customer was erased. A new key retires the key that it replaces. A key that is
  replaced, or used again, must still be the customer's current key and is locked until the commit; otherwise error 51001 causes the
  command to be decided again.

  The key's row is locked before the rows of orders and customers, here and in EraseCustomer, so that the two procedures wait for
  each other instead of deadlocking. READCOMMITTEDLOCK is needed because under READ COMMITTED SNAPSHOT a read would not wait for
  an erasure in progress.
*/
CREATE OR ALTER PROCEDURE orders.HoldCustomerKey
  @CustomerKey nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @CustomerId nvarchar(64) = JSON_VALUE(@CustomerKey, N'$.customerId');
  DECLARE @KeyId nvarchar(64) = JSON_VALUE(@CustomerKey, N'$.keyId');

  DECLARE @WrappedKey nvarchar(1024) = JSON_VALUE(@CustomerKey, N'$.wrappedKey');
  DECLARE @MasterKeyVersion nvarchar(128) = JSON_VALUE(@CustomerKey, N'$.masterKeyVersion');
  DECLARE @IsNew nvarchar(5) = JSON_VALUE(@CustomerKey, N'$.isNew');
  DECLARE @Replaces nvarchar(64) = JSON_VALUE(@CustomerKey, N'$.replaces');

  IF @Replaces IS NOT NULL
  BEGIN
    UPDATE orders.CustomerKeys
    SET KeyId = @KeyId, WrappedKey = @WrappedKey, MasterKeyVersion = @MasterKeyVersion
    OUTPUT deleted.CustomerId, deleted.KeyId, deleted.WrappedKey, deleted.MasterKeyVersion, SYSUTCDATETIME()
    INTO orders.RetiredCustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion, RetiredAt)
    WHERE CustomerId = @CustomerId AND KeyId = @Replaces;

    IF @@ROWCOUNT <> 1 THROW 51001, N'The data key of the customer is not the one that the command was decided on.', 1;
  END
  ELSE IF @IsNew = N'true'
    INSERT INTO orders.CustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
    VALUES (@CustomerId, @KeyId, @WrappedKey, @MasterKeyVersion);
  ELSE IF NOT EXISTS (
    SELECT 1
    FROM orders.CustomerKeys AS k WITH (READCOMMITTEDLOCK, HOLDLOCK)
    WHERE k.CustomerId = @CustomerId AND k.KeyId = @KeyId
  )
    THROW 51001, N'The data key of the customer is not the one that the command was decided on.', 1;
END;
