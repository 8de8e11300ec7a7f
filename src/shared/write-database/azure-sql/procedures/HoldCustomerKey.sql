/*
  Part of CommitCommand: the data key that the events are sealed with. A new one is stored (PK_CustomerKeys refuses it when
  another one was faster, or the customer was erased); a known one must still be there, and stays until the commit (51001:
  decide again).

  The key's row is locked before those of orders and customers, here as in EraseCustomer, so that the two wait for each other and
  do not deadlock. READCOMMITTEDLOCK, since under READ COMMITTED SNAPSHOT a read would not wait for an erasure under way.
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
