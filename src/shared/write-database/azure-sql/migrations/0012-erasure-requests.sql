/* Customers whose erasure was requested and waits for a second person: who requested it (SHA-256 of the user id). */
CREATE TABLE orders.ErasureRequests (
  CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  RequestedBy nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CONSTRAINT PK_ErasureRequests PRIMARY KEY (CustomerId),
  CONSTRAINT FK_ErasureRequests_Customers FOREIGN KEY (CustomerId) REFERENCES orders.Customers (CustomerId)
);
