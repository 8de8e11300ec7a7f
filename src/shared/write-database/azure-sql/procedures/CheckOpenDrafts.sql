/*
  Part of CommitCommand: refuses a new draft (51006) when its customer would have more open drafts than allowed. The draft is already
  inserted. The count stops at one draft above the limit.

  The lock on the customer's row serializes the new drafts of a customer. The count starts when the lock is held and, under READ COMMITTED
  SNAPSHOT, sees every draft committed before, so concurrent commits never exceed the limit together. The customer is locked last, as in
  MoveCredit. On a server without READ COMMITTED SNAPSHOT, the count may wait for another command on a draft of the customer; if that
  command waits for the customer's row, one of the two gets error 1205 and its caller retries.
*/
CREATE OR ALTER PROCEDURE orders.CheckOpenDrafts
  @CustomerId nvarchar(64),
  @MaxOpenDrafts int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Locked nvarchar(64);
  SELECT @Locked = c.CustomerId FROM orders.Customers AS c WITH (UPDLOCK) WHERE c.CustomerId = @CustomerId;

  DECLARE @OpenDrafts int;
  SELECT @OpenDrafts = COUNT(*)
  FROM (
    SELECT TOP (@MaxOpenDrafts + 1) o.CustomerId
    FROM orders.Orders AS o
    WHERE o.CustomerId = @CustomerId AND o.OrderStatus = N'draft'
  ) AS drafts;

  IF @OpenDrafts > @MaxOpenDrafts THROW 51006, N'The customer would have too many open drafts.', 1;
END;
