/* Who requested the erasure of a customer (SHA-256 of the user id), where a second person has to confirm it. */
ALTER TABLE orders.Customers ADD ErasureRequestedBy nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL;
