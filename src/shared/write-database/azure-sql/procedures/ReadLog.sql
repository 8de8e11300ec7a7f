/*
  The part of the event log behind a key, in the order of the key: at most so many events. An event recorded before a time
  (null: none) comes without its body: it counts to the limit, so that a page costs the same wherever the log begins to match.

  Three ranges of the key instead of one condition with OR, since each of them is a seek.
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
  behind AS (
    SELECT AggregateType, AggregateId, Version FROM sameAggregate
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM sameType
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM laterTypes
  ),
  page AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM behind
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
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadLog TO order_sync;
