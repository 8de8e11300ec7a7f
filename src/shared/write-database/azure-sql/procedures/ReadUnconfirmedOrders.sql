/*
  Returns at most @MaxOrders submitted orders, ordered by the time when the command that submitted them was accepted and by id: those
  submitted at @SubmittedUntil or earlier, and after the order that is given by @AfterSubmittedAt and @AfterOrderId.
*/
CREATE OR ALTER PROCEDURE orders.ReadUnconfirmedOrders
  @SubmittedUntil nvarchar(40),
  @AfterSubmittedAt nvarchar(40),
  @AfterOrderId nvarchar(64),
  @MaxOrders int
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Until datetime2(3) = CONVERT(datetime2(3), @SubmittedUntil, 127);
  DECLARE @After datetime2(3) = CONVERT(datetime2(3), @AfterSubmittedAt, 127);

  SELECT TOP (@MaxOrders)
    u.OrderId AS orderId,
    u.SubmittedAt AS submittedAt
  FROM orders.UnconfirmedOrders AS u
  INNER JOIN orders.Orders AS o ON o.OrderId = u.OrderId AND o.OrderStatus = N'submitted'
  WHERE
    u.SubmittedAt >= @After
    AND u.SubmittedAt <= @Until
    AND (u.SubmittedAt > @After OR u.OrderId > @AfterOrderId)
  ORDER BY u.SubmittedAt, u.OrderId;
END;
