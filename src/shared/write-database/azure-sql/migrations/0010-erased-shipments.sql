/*
  A carrier and a tracking number lead to a person. EraseCustomer erases them from now on; this erases them for the customers who
  were erased before.
*/
UPDATE o
SET Carrier = N'[erased]', TrackingNumber = N'[erased]'
FROM orders.Orders AS o
INNER JOIN orders.CustomerKeys AS k ON k.CustomerId = o.CustomerId
WHERE k.ErasedAt IS NOT NULL AND o.Carrier IS NOT NULL;
