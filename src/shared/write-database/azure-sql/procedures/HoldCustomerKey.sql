/*
  Part of CommitCommand: stores or verifies the data key that encrypts the events. A new key is stored; PK_CustomerKeys rejects it
  when another command has stored one first or the customer was erased. An existing key must still be there and is locked until
  the commit; if it is not there, error 51001 causes the command to be decided again.

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

  IF JSON_VALUE(@CustomerKey, N'$.isNew') = N'true'
    INSERT INTO orders.CustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
    VALUES (
      @CustomerId, @KeyId, JSON_VALUE(@CustomerKey, N'$.wrappedKey'), JSON_VALUE(@CustomerKey, N'$.masterKeyVersion')
    );
  ELSE IF NOT EXISTS (
    SELECT 1
    FROM orders.CustomerKeys AS k WITH (READCOMMITTEDLOCK, HOLDLOCK)
    WHERE k.CustomerId = @CustomerId AND k.KeyId = @KeyId
  )
    THROW 51001, N'The data key of the customer is not the one that the command was decided on.', 1;
END;
