/*
  Returns events of an aggregate in version order, and the current row of the customer whom they are about, with their current data
  key. A third result set has the earlier keys of the customer, which decrypt older events. Returns the newest event up to version
  @UpToVersion (null: of all versions), and a window of the events between @After and that one. The window has at most @MaxEvents events
  and ends before the first event that starts after @MaxCharacters characters (null: no limit). With @OwnerId, nothing is returned unless the aggregate is an order of this customer.
  A fourth result set has the heartbeat (see ReadHeartbeat).

  SNAPSHOT isolation (see LoadForCommand), because an event that is archived during the read must not be missed, and all keys must be from
  the same point in time: before an erasure, or after it.
*/
CREATE OR ALTER PROCEDURE orders.ReadEvents
  @AggregateType nvarchar(16),
  @AggregateId nvarchar(4000),
  @UpToVersion bigint,
  @OwnerId nvarchar(4000) = NULL,
  @After bigint = 0,
  @MaxEvents bigint = NULL,
  @MaxCharacters bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  DECLARE @Beat bigint;
  DECLARE @BeatAt datetime2(3);

  BEGIN TRANSACTION;

  SELECT @Beat = Beat, @BeatAt = BeatAt
  FROM orders.Heartbeat;

  DECLARE @Newest bigint;

  SELECT @Newest = MAX(e.Version)
  FROM orders.EventLog AS e
  WHERE
    e.AggregateType = @AggregateType
    AND e.AggregateId = @AggregateId
    AND e.Version <= COALESCE(@UpToVersion, e.Version)
    AND (
      @OwnerId IS NULL
      OR (
        @AggregateType = N'Order'
        AND EXISTS (SELECT 1 FROM orders.Orders AS o WHERE o.OrderId = @AggregateId AND o.CustomerId = @OwnerId)
      )
    );

  WITH Windowed AS (
    SELECT
      e.Version,
      SUM(CAST(DATALENGTH(e.Body) / 2 AS bigint)) OVER (ORDER BY e.Version ROWS UNBOUNDED PRECEDING)
      - CAST(DATALENGTH(e.Body) / 2 AS bigint) AS Preceding
    FROM orders.EventLog AS e
    WHERE
      e.AggregateType = @AggregateType
      AND e.AggregateId = @AggregateId
      AND e.Version > @After
      AND e.Version <= @Newest
      AND (@MaxEvents IS NULL OR e.Version <= @After + @MaxEvents)
  )
  SELECT e.Body AS body
  FROM orders.EventLog AS e
  WHERE
    e.AggregateType = @AggregateType
    AND e.AggregateId = @AggregateId
    AND (
      e.Version = @Newest
      OR e.Version IN (
        SELECT w.Version
        FROM Windowed AS w
        WHERE @MaxCharacters IS NULL OR w.Preceding <= @MaxCharacters
      )
    )
  ORDER BY e.Version;

  DECLARE @CustomerId nvarchar(4000);

  IF @Newest IS NOT NULL
    SET @CustomerId = CASE @AggregateType
      WHEN N'Customer' THEN @AggregateId
      WHEN N'Order' THEN (SELECT o.CustomerId FROM orders.Orders AS o WHERE o.OrderId = @AggregateId)
    END;

  SELECT
    c.Name AS name,
    c.Version AS version,
    CASE WHEN k.ErasedAt IS NULL THEN 0 ELSE 1 END AS erased,
    k.KeyId AS keyId,
    k.WrappedKey AS wrappedKey,
    k.MasterKeyVersion AS masterKeyVersion
  FROM orders.Customers AS c
  LEFT JOIN orders.CustomerKeys AS k ON k.CustomerId = c.CustomerId
  WHERE c.CustomerId = @CustomerId;

  SELECT
    KeyId AS keyId,
    WrappedKey AS wrappedKey,
    MasterKeyVersion AS masterKeyVersion
  FROM orders.RetiredCustomerKeys
  WHERE CustomerId = @CustomerId;

  COMMIT TRANSACTION;

  SELECT
    @Beat AS beat,
    CONVERT(nvarchar(24), @BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, @BeatAt, SYSUTCDATETIME()) AS ageMs;
END;
