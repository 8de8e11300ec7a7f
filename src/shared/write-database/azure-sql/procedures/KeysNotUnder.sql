/* Data keys that are not wrapped under this version of the master key, by customer; at most so many. */
CREATE OR ALTER PROCEDURE orders.KeysNotUnder
  @MasterKeyVersion nvarchar(128),
  @AfterCustomerId nvarchar(64),
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
  WHERE MasterKeyVersion <> @MasterKeyVersion AND CustomerId > @AfterCustomerId
  ORDER BY CustomerId;
END;
