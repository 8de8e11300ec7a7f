/*
  Writes everything that one accepted command changes, in one transaction. @CommitDocument: {previousVersion, command{}, events[],
  customer{}?, product{}?, order{items[]}?, stock[], credit{}?, maxOpenDrafts?, customerKey{}?, erasedCustomerId?}. previousVersion 0
  inserts a new row. Returns held: 1 when the hub has refused an earlier event of the aggregate, for which the new events wait.

  The statements run in order of the precedence of their constraints: PK_Commands (duplicate), PK_Events (conflict), the
  customer's data key (51001, conflict, when it was destroyed), then the rows (51001, conflict, when the version to replace no
  longer exists), stock, credit, discontinued products and drafts. XACT_ABORT rolls back everything on any error. Locks are taken in the same order: the data key
  and the command's own rows first, then products by id, then the customer.

  With the plan of a query, SQL Server keeps the values of the procedure's parameters in it, also in Query Store, where an erasure does not
  reach them. It keeps no values of local variables. So a parameter with personal data or data keys is copied into local variables, here
  and in the procedures that this one executes, and no query has the parameter itself.
*/
CREATE OR ALTER PROCEDURE orders.CommitCommand
  @CommitDocument nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @AggregateType nvarchar(16) = JSON_VALUE(@CommitDocument, N'$.command.aggregateType');
  DECLARE @AggregateId nvarchar(64) = JSON_VALUE(@CommitDocument, N'$.command.aggregateId');
  DECLARE @PreviousVersion int = JSON_VALUE(@CommitDocument, N'$.previousVersion');
  DECLARE @Command nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.command');
  DECLARE @Events nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.events');
  DECLARE @Customer nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.customer');
  DECLARE @Product nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.product');
  DECLARE @Order nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.order');
  DECLARE @Stock nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.stock');
  DECLARE @Credit nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.credit');
  DECLARE @MaxOpenDrafts int = JSON_VALUE(@CommitDocument, N'$.maxOpenDrafts');
  DECLARE @CustomerKey nvarchar(max) = JSON_QUERY(@CommitDocument, N'$.customerKey');
  DECLARE @ErasedCustomerId nvarchar(64) = JSON_VALUE(@CommitDocument, N'$.erasedCustomerId');

  BEGIN TRANSACTION;

  INSERT INTO orders.Commands (CommandId, CommandType, PayloadHash, AcceptedAt, AggregateType, AggregateId, Version)
  SELECT
    c.CommandId, c.CommandType, c.PayloadHash, CONVERT(datetime2(3), c.AcceptedAt, 127),
    c.AggregateType, c.AggregateId, c.Version
  FROM OPENJSON(@Command) WITH (
    CommandId nvarchar(4000) '$.commandId',
    CommandType nvarchar(4000) '$.commandType',
    PayloadHash nvarchar(4000) '$.payloadHash',
    AcceptedAt nvarchar(40) '$.acceptedAt',
    AggregateType nvarchar(4000) '$.aggregateType',
    AggregateId nvarchar(4000) '$.aggregateId',
    Version int '$.version'
  ) AS c;

  /* Never earlier than the version before, even after the clock was set back: the outbox is drained by this time. */
  DECLARE @RecordedAt datetime2(3) = SYSUTCDATETIME();
  SELECT @RecordedAt = e.RecordedAt
  FROM orders.Events AS e
  WHERE
    e.AggregateType = @AggregateType
    AND e.AggregateId = @AggregateId
    AND e.Version = @PreviousVersion
    AND e.RecordedAt > @RecordedAt;

  INSERT INTO orders.Events (EventId, AggregateType, AggregateId, Version, RecordedAt, Body)
  SELECT e.EventId, e.AggregateType, e.AggregateId, e.Version, @RecordedAt, e.Body
  FROM OPENJSON(@Events) WITH (
    EventId nvarchar(4000) '$.eventId',
    AggregateType nvarchar(4000) '$.aggregateType',
    AggregateId nvarchar(4000) '$.aggregateId',
    Version int '$.version',
    Body nvarchar(max) '$.body'
  ) AS e;

  IF @CustomerKey IS NOT NULL EXEC orders.HoldCustomerKey @CustomerKey;
  IF @ErasedCustomerId IS NOT NULL EXEC orders.EraseCustomer @ErasedCustomerId;
  IF @Customer IS NOT NULL EXEC orders.SaveCustomer @Customer, @PreviousVersion;
  IF @Product IS NOT NULL EXEC orders.SaveProduct @Product, @PreviousVersion;
  IF @Order IS NOT NULL EXEC orders.SaveOrder @Order, @PreviousVersion;
  IF @Stock <> N'[]' EXEC orders.MoveStock @Stock;
  IF @Credit IS NOT NULL EXEC orders.MoveCredit @Credit;
  IF @Stock <> N'[]' AND @AggregateType = N'Order' EXEC orders.CheckDiscontinued @Stock;
  IF @MaxOpenDrafts IS NOT NULL
  BEGIN
    DECLARE @DraftOf nvarchar(64) = JSON_VALUE(@Order, N'$.customerId');
    EXEC orders.CheckOpenDrafts @DraftOf, @MaxOpenDrafts;
  END;

  COMMIT TRANSACTION;

  SELECT CASE
    WHEN EXISTS (
      SELECT 1
      FROM orders.RefusedEvents
      WHERE AggregateType = @AggregateType AND AggregateId = @AggregateId
    ) THEN 1
    ELSE 0
  END AS held;
END;
