/*
  Returns at most @MaxKeys data keys, current and retired, that are not wrapped under this version of the master key, ordered by
  customer id and key id. Starts after a key, or after all keys of a customer when @AfterKeyId is null.
*/
CREATE OR ALTER PROCEDURE orders.KeysNotUnder
  @MasterKeyVersion nvarchar(128),
  @AfterCustomerId nvarchar(64),
  @MaxKeys int,
  @AfterKeyId nvarchar(64) = NULL
AS
BEGIN
  SET NOCOUNT ON;

  SELECT TOP (@MaxKeys)
    k.CustomerId AS customerId,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM (
    SELECT CustomerId, KeyId, WrappedKey, MasterKeyVersion
    FROM orders.CustomerKeys
    WHERE MasterKeyVersion <> @MasterKeyVersion
    UNION ALL
    SELECT CustomerId, KeyId, WrappedKey, MasterKeyVersion
    FROM orders.RetiredCustomerKeys
    WHERE MasterKeyVersion <> @MasterKeyVersion
  ) AS k
  WHERE k.CustomerId > @AfterCustomerId OR (k.CustomerId = @AfterCustomerId AND k.KeyId > @AfterKeyId)
  ORDER BY k.CustomerId, k.KeyId;
END;
