/*
  Returns at most @MaxEvents events of the log after a key, in key order. Ends before the first event that starts after @MaxCharacters
  characters (null: no limit). An event recorded before @RecordedFrom (null: no limit) is returned without its body but counts towards
  @MaxEvents, so that a page costs the same wherever the matching events start.

  A second result set has the heartbeat (see ReadHeartbeat), which was read first: the events are at least as new.

  Reads three ranges of the key instead of using one condition with OR, and both tables of the log instead of the view, because each range
  of a table is an index seek. SNAPSHOT isolation, because an event that is archived during the read must not be missed.
*/
CREATE OR ALTER PROCEDURE orders.ReadLog
  @AfterType nvarchar(16),
  @AfterId nvarchar(64),
  @AfterVersion int,
  @RecordedFrom datetime2(3),
  @MaxEvents int,
  @MaxCharacters bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  DECLARE @Beat bigint;
  DECLARE @BeatAt datetime2(3);

  SELECT @Beat = Beat, @BeatAt = BeatAt
  FROM orders.Heartbeat;

  WITH sameAggregate AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.Events
    WHERE AggregateType = @AfterType AND AggregateId = @AfterId AND Version > @AfterVersion
    ORDER BY Version
  ),
  sameType AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.Events
    WHERE AggregateType = @AfterType AND AggregateId > @AfterId
    ORDER BY AggregateId, Version
  ),
  laterTypes AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.Events
    WHERE AggregateType > @AfterType
    ORDER BY AggregateType, AggregateId, Version
  ),
  archivedAggregate AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.EventArchive
    WHERE AggregateType = @AfterType AND AggregateId = @AfterId AND Version > @AfterVersion
    ORDER BY Version
  ),
  archivedType AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.EventArchive
    WHERE AggregateType = @AfterType AND AggregateId > @AfterId
    ORDER BY AggregateId, Version
  ),
  archivedLaterTypes AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM orders.EventArchive
    WHERE AggregateType > @AfterType
    ORDER BY AggregateType, AggregateId, Version
  ),
  following AS (
    SELECT AggregateType, AggregateId, Version FROM sameAggregate
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM archivedAggregate
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM sameType
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM archivedType
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM laterTypes
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM archivedLaterTypes
  ),
  page AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM following
    ORDER BY AggregateType, AggregateId, Version
  ),
  bodies AS (
    SELECT
      e.EventId,
      p.AggregateType,
      p.AggregateId,
      p.Version,
      CASE WHEN @RecordedFrom IS NULL OR e.RecordedAt >= @RecordedFrom THEN e.Body END AS Body
    FROM page AS p
    INNER JOIN orders.EventLog AS e
      ON e.AggregateType = p.AggregateType AND e.AggregateId = p.AggregateId AND e.Version = p.Version
  ),
  windowed AS (
    SELECT
      EventId,
      AggregateType,
      AggregateId,
      Version,
      Body,
      SUM(COALESCE(CAST(DATALENGTH(Body) / 2 AS bigint), 0)) OVER (
        ORDER BY AggregateType, AggregateId, Version ROWS UNBOUNDED PRECEDING
      ) - COALESCE(CAST(DATALENGTH(Body) / 2 AS bigint), 0) AS Preceding
    FROM bodies
  )
  SELECT
    EventId AS eventId,
    AggregateType AS aggregateType,
    AggregateId AS aggregateId,
    Version AS version,
    Body AS body
  FROM windowed
  WHERE @MaxCharacters IS NULL OR Preceding <= @MaxCharacters
  ORDER BY AggregateType, AggregateId, Version;

  SELECT
    @Beat AS beat,
    CONVERT(nvarchar(24), @BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, @BeatAt, SYSUTCDATETIME()) AS ageMs;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadLog TO order_sync;
