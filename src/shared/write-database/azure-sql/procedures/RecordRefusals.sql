/*
  Counts a refusal by the hub for each of the unpublished events. Sets an event aside for @SetAsideMs when it has been refused
  @MaxTries times or more, and returns the ids of those events.

  REPEATABLEREAD locks the rows of the events until the commit. Under READ COMMITTED SNAPSHOT, a read would not wait for a
  MarkPublished in progress: the refusal would be stored after MarkPublished has deleted those that it found, and hold back the
  aggregate for good.
*/
CREATE OR ALTER PROCEDURE orders.RecordRefusals
  @EventIds nvarchar(max),
  @MaxTries int,
  @SetAsideMs int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Refused TABLE (EventId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY);

  INSERT INTO @Refused (EventId)
  SELECT DISTINCT ids.EventId
  FROM OPENJSON(@EventIds) WITH (EventId nvarchar(64) '$') AS ids
  WHERE ids.EventId IS NOT NULL;

  BEGIN TRANSACTION;

  INSERT INTO orders.RefusedEvents (AggregateType, AggregateId, Version, EventId, Refusals)
  SELECT e.AggregateType, e.AggregateId, e.Version, e.EventId, 0
  FROM @Refused AS r
  INNER JOIN orders.Events AS e WITH (REPEATABLEREAD) ON e.EventId = r.EventId
  WHERE
    e.PublishedAt IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM orders.RefusedEvents AS known WITH (UPDLOCK, HOLDLOCK) WHERE known.EventId = r.EventId
    );

  UPDATE known
  SET
    Refusals = known.Refusals + 1,
    SetAsideUntil = CASE
      WHEN known.Refusals + 1 >= @MaxTries THEN DATEADD(millisecond, @SetAsideMs, SYSUTCDATETIME())
    END
  FROM orders.RefusedEvents AS known
  INNER JOIN @Refused AS r ON r.EventId = known.EventId;

  COMMIT TRANSACTION;

  SELECT known.EventId AS eventId
  FROM orders.RefusedEvents AS known
  INNER JOIN @Refused AS r ON r.EventId = known.EventId
  WHERE known.Refusals >= @MaxTries;
END;
