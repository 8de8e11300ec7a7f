/*
  A customer's data key is replaced after each rotation of the master key, so that a key that leaked before opens nothing that is
  encrypted after it. CustomerKeys has the key that encrypts new events, RetiredCustomerKeys the earlier keys, which still decrypt,
  until the customer is erased. A vault that wraps keys itself returns longer ones.
*/
ALTER TABLE orders.CustomerKeys ALTER COLUMN WrappedKey nvarchar(1024) COLLATE Latin1_General_100_BIN2 NULL;
GO

CREATE TABLE orders.RetiredCustomerKeys (
  CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  KeyId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  WrappedKey nvarchar(1024) COLLATE Latin1_General_100_BIN2 NOT NULL,
  MasterKeyVersion nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  RetiredAt datetime2(3) NOT NULL,
  CONSTRAINT PK_RetiredCustomerKeys PRIMARY KEY (CustomerId, KeyId)
);
GO

CREATE INDEX IX_RetiredCustomerKeys_MasterKeyVersion ON orders.RetiredCustomerKeys (MasterKeyVersion);
