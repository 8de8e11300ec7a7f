/*
  Personal data. Each customer's data are sealed in events with a data key of their own, kept here under a version of the master
  key; without it, nobody can read them any more. What stays of a destroyed key tells that there is to be none any more.
*/
CREATE TABLE orders.CustomerKeys (
  CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  KeyId nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
  WrappedKey nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
  MasterKeyVersion nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
  ErasedAt datetime2(3) NULL,
  CONSTRAINT PK_CustomerKeys PRIMARY KEY (CustomerId),
  CONSTRAINT CK_CustomerKeys_KeyOrErased CHECK (
    (ErasedAt IS NULL AND KeyId IS NOT NULL AND WrappedKey IS NOT NULL AND MasterKeyVersion IS NOT NULL)
    OR (ErasedAt IS NOT NULL AND KeyId IS NULL AND WrappedKey IS NULL AND MasterKeyVersion IS NULL)
  )
);
GO

CREATE INDEX IX_CustomerKeys_MasterKeyVersion ON orders.CustomerKeys (MasterKeyVersion) INCLUDE (KeyId, WrappedKey);
GO

CREATE INDEX IX_Orders_CustomerId ON orders.Orders (CustomerId);
