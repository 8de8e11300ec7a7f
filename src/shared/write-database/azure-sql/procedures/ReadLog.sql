/*
  Returns at most @MaxEvents events of the log after a key, in key order. An event recorded before @RecordedFrom (null: no limit)
  is returned without its body but counts towards the limit, so that a page costs the same wherever the matching events start.

  A second result set has the heartbeat (see ReadHeartbeat), which was read first: the events are at least as new.

  Reads three ranges of the key instead of using one condition with OR, because each range is an index seek.
*/
CREATE OR ALTER PROCEDURE orders.ReadLog
  @AfterType nvarchar(16),
  @AfterId nvarchar(64),
  @AfterVersion int,
  @RecordedFrom datetime2(3),
  @MaxEvents int
AS
BEGIN
  SET NOCOUNT ON;

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
  following AS (
    SELECT AggregateType, AggregateId, Version FROM sameAggregate
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM sameType
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM laterTypes
  ),
  page AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM following
    ORDER BY AggregateType, AggregateId, Version
  )
  SELECT
    e.EventId AS eventId,
    e.AggregateType AS aggregateType,
    e.AggregateId AS aggregateId,
    e.Version AS version,
    CASE WHEN @RecordedFrom IS NULL OR e.RecordedAt >= @RecordedFrom THEN e.Body END AS body
  FROM page AS p
  INNER JOIN orders.Events AS e
    ON e.AggregateType = p.AggregateType AND e.AggregateId = p.AggregateId AND e.Version = p.Version
  ORDER BY e.AggregateType, e.AggregateId, e.Version;

  SELECT
    @Beat AS beat,
    CONVERT(nvarchar(24), @BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, @BeatAt, SYSUTCDATETIME()) AS ageMs;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadLog TO order_sync;
