/* Data keys that are not wrapped under this version of the master key; at most so many. */
CREATE OR ALTER PROCEDURE orders.KeysNotUnder
  @MasterKeyVersion nvarchar(128),
  @MaxKeys int
AS
BEGIN
  SET NOCOUNT ON;

  SELECT TOP (@MaxKeys)
    CustomerId AS customerId,
    KeyId AS keyId,
    WrappedKey AS wrappedKey,
    MasterKeyVersion AS masterKeyVersion
  FROM orders.CustomerKeys
  WHERE MasterKeyVersion <> @MasterKeyVersion;
END;
