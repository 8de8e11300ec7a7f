/*
  Stores rewrapped data keys, current and retired: [{customerId, keyId, wrappedKey, masterKeyVersion}]. A destroyed key stays
  destroyed, because its KeyId no longer matches. The keys are in a local variable: see CommitCommand.
*/
CREATE OR ALTER PROCEDURE orders.RewrapKeys
  @Keys nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Document nvarchar(max) = @Keys;
  DECLARE @Rewrapped TABLE (
    CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    KeyId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    WrappedKey nvarchar(1024) NOT NULL,
    MasterKeyVersion nvarchar(128) NOT NULL,
    PRIMARY KEY (CustomerId, KeyId)
  );

  INSERT INTO @Rewrapped (CustomerId, KeyId, WrappedKey, MasterKeyVersion)
  SELECT k.CustomerId, k.KeyId, k.WrappedKey, k.MasterKeyVersion
  FROM OPENJSON(@Document) WITH (
    CustomerId nvarchar(64) '$.customerId',
    KeyId nvarchar(64) '$.keyId',
    WrappedKey nvarchar(1024) '$.wrappedKey',
    MasterKeyVersion nvarchar(128) '$.masterKeyVersion'
  ) AS k;

  UPDATE stored
  SET WrappedKey = k.WrappedKey, MasterKeyVersion = k.MasterKeyVersion
  FROM orders.CustomerKeys AS stored
  INNER JOIN @Rewrapped AS k ON k.CustomerId = stored.CustomerId AND k.KeyId = stored.KeyId;

  UPDATE stored
  SET WrappedKey = k.WrappedKey, MasterKeyVersion = k.MasterKeyVersion
  FROM orders.RetiredCustomerKeys AS stored
  INNER JOIN @Rewrapped AS k ON k.CustomerId = stored.CustomerId AND k.KeyId = stored.KeyId;
END;
