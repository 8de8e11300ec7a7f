/*
  Stores data keys under another version of the master key: [{customerId, keyId, wrappedKey, masterKeyVersion}].
  A destroyed one stays so.
*/
CREATE OR ALTER PROCEDURE orders.RewrapKeys
  @Keys nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;

  UPDATE stored
  SET WrappedKey = k.WrappedKey, MasterKeyVersion = k.MasterKeyVersion
  FROM orders.CustomerKeys AS stored
  INNER JOIN OPENJSON(@Keys) WITH (
    CustomerId nvarchar(64) '$.customerId',
    KeyId nvarchar(64) '$.keyId',
    WrappedKey nvarchar(128) '$.wrappedKey',
    MasterKeyVersion nvarchar(128) '$.masterKeyVersion'
  ) AS k
    ON k.CustomerId COLLATE Latin1_General_100_BIN2 = stored.CustomerId
    AND k.KeyId COLLATE Latin1_General_100_BIN2 = stored.KeyId;
END;
