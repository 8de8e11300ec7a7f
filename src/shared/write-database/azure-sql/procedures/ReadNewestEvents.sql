/*
  Returns at most @MaxEvents events of the log before a position, newest first, of one aggregate id (of any type) or of all
  (@AggregateId null). publishedAt is null while an event waits in the outbox. Ends before the first event that starts after
  @MaxCharacters characters, so that an answer has a limit whatever the size of its events. A second result set has the heartbeat
  (see ReadHeartbeat), which was read first: the events are at least as new.

  OPTION (RECOMPILE) puts the parameters into the plan: one aggregate is a seek in the primary key, the whole log a range of
  IX_Events_RecordedAt.
*/
CREATE OR ALTER PROCEDURE orders.ReadNewestEvents
  @AggregateId nvarchar(4000),
  @BeforeTime datetime2(3),
  @BeforeType nvarchar(16),
  @BeforeId nvarchar(64),
  @BeforeVersion int,
  @MaxEvents int,
  @MaxCharacters bigint
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Beat bigint;
  DECLARE @BeatAt datetime2(3);

  SELECT @Beat = Beat, @BeatAt = BeatAt
  FROM orders.Heartbeat;

  DECLARE @Newest TABLE (
    RecordedAt datetime2(3) NOT NULL,
    AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Version int NOT NULL,
    PRIMARY KEY (RecordedAt, AggregateType, AggregateId, Version)
  );

  INSERT INTO @Newest (RecordedAt, AggregateType, AggregateId, Version)
  SELECT TOP (@MaxEvents) e.RecordedAt, e.AggregateType, e.AggregateId, e.Version
  FROM orders.Events AS e
  WHERE
    e.RecordedAt <= @BeforeTime
    AND (
      @AggregateId IS NULL
      OR (e.AggregateType IN (N'Order', N'Customer', N'Product') AND e.AggregateId = @AggregateId)
    )
    AND (
      e.RecordedAt < @BeforeTime
      OR e.AggregateType < @BeforeType
      OR (e.AggregateType = @BeforeType AND e.AggregateId < @BeforeId)
      OR (e.AggregateType = @BeforeType AND e.AggregateId = @BeforeId AND e.Version < @BeforeVersion)
    )
  ORDER BY e.RecordedAt DESC, e.AggregateType DESC, e.AggregateId DESC, e.Version DESC
  OPTION (RECOMPILE);

  WITH Windowed AS (
    SELECT
      e.AggregateType,
      e.AggregateId,
      e.Version,
      SUM(CAST(DATALENGTH(e.Body) / 2 AS bigint)) OVER (
        ORDER BY n.RecordedAt DESC, n.AggregateType DESC, n.AggregateId DESC, n.Version DESC ROWS UNBOUNDED PRECEDING
      ) - CAST(DATALENGTH(e.Body) / 2 AS bigint) AS Preceding
    FROM @Newest AS n
    INNER JOIN orders.Events AS e
      ON e.AggregateType = n.AggregateType AND e.AggregateId = n.AggregateId AND e.Version = n.Version
  )
  SELECT
    e.EventId AS eventId,
    CONVERT(nvarchar(24), e.RecordedAt, 126) + N'Z' AS recordedAt,
    CONVERT(nvarchar(24), e.PublishedAt, 126) + N'Z' AS publishedAt,
    e.AggregateType AS aggregateType,
    e.AggregateId AS aggregateId,
    e.Version AS version,
    e.Body AS body
  FROM Windowed AS w
  INNER JOIN orders.Events AS e
    ON e.AggregateType = w.AggregateType AND e.AggregateId = w.AggregateId AND e.Version = w.Version
  WHERE w.Preceding <= @MaxCharacters
  ORDER BY e.RecordedAt DESC, e.AggregateType DESC, e.AggregateId DESC, e.Version DESC;

  SELECT
    @Beat AS beat,
    CONVERT(nvarchar(24), @BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, @BeatAt, SYSUTCDATETIME()) AS ageMs;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadNewestEvents TO order_sync;
