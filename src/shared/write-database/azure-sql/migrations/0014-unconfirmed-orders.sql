/*
  The submitted orders, which nobody has confirmed yet, by the time when the command that submitted them was accepted. PlacedAt can be
  earlier. SaveOrder maintains the table; this adds the orders that were submitted before.

  Submitting an order locks the data key of its customer until the commit. The lock on that table waits for submissions in progress and delays
  new ones until the procedures have changed, too, so none is missed. On a server without READ COMMITTED SNAPSHOT, a command that waits may
  hold an event that this reads: then that command gets error 1205, and its app retries it.
*/
CREATE TABLE orders.UnconfirmedOrders (
  OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  SubmittedAt datetime2(3) NOT NULL,
  CONSTRAINT PK_UnconfirmedOrders PRIMARY KEY (OrderId),
  CONSTRAINT FK_UnconfirmedOrders_Orders FOREIGN KEY (OrderId) REFERENCES orders.Orders (OrderId)
);
GO

CREATE INDEX IX_UnconfirmedOrders_SubmittedAt ON orders.UnconfirmedOrders (SubmittedAt, OrderId);
GO

SET DEADLOCK_PRIORITY HIGH;

DECLARE @Locked int;
SELECT @Locked = COUNT(*)
FROM (SELECT TOP (1) CustomerId FROM orders.CustomerKeys WITH (TABLOCKX, HOLDLOCK)) AS k;

INSERT INTO orders.UnconfirmedOrders (OrderId, SubmittedAt)
SELECT o.OrderId, submission.SubmittedAt
FROM orders.Orders AS o
CROSS APPLY (
  SELECT TOP (1) CONVERT(datetime2(3), JSON_VALUE(e.Body, N'$.timestamp'), 127) AS SubmittedAt
  FROM orders.Events AS e
  WHERE
    e.AggregateType = N'Order'
    AND e.AggregateId = o.OrderId
    AND JSON_VALUE(e.Body, N'$.eventType') IN (N'OrderPlaced', N'OrderSubmitted')
  ORDER BY e.Version DESC
) AS submission
WHERE o.OrderStatus = N'submitted';

SET DEADLOCK_PRIORITY NORMAL;
