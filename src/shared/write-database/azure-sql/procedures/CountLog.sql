/*
  Returns the number of events in the log, without those recorded before @RecordedFrom (null: all). Counts at most @MaxCounted entries of
  IX_Events_RecordedAt and as many of IX_EventArchive_RecordedAt. A larger number is estimated: the number of rows as the engine keeps it,
  times the part of the log's time that is requested. A second result set has the heartbeat (see ReadHeartbeat).
*/
CREATE OR ALTER PROCEDURE orders.CountLog
  @RecordedFrom datetime2(3),
  @MaxCounted int = 100000
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Beat bigint;
  DECLARE @BeatAt datetime2(3);

  SELECT @Beat = Beat, @BeatAt = BeatAt
  FROM orders.Heartbeat;

  DECLARE @From datetime2(3) = COALESCE(@RecordedFrom, CONVERT(datetime2(3), N'0001-01-01'));

  DECLARE @Counted bigint = (
    SELECT COUNT_BIG(*)
    FROM (
      SELECT RecordedAt
      FROM (
        SELECT TOP (@MaxCounted + 1) e.RecordedAt FROM orders.Events AS e WHERE e.RecordedAt >= @From ORDER BY e.RecordedAt
      ) AS recent
      UNION ALL
      SELECT RecordedAt
      FROM (
        SELECT TOP (@MaxCounted + 1) a.RecordedAt FROM orders.EventArchive AS a WHERE a.RecordedAt >= @From ORDER BY a.RecordedAt
      ) AS archived
    ) AS counted
  );

  DECLARE @Estimated float;

  IF @Counted > @MaxCounted
  BEGIN
    DECLARE @First datetime2(3);
    DECLARE @Last datetime2(3);

    SELECT @First = MIN(ends.RecordedAt), @Last = MAX(ends.RecordedAt)
    FROM (
      SELECT RecordedAt FROM (SELECT TOP (1) e.RecordedAt FROM orders.Events AS e ORDER BY e.RecordedAt) AS e1
      UNION ALL
      SELECT RecordedAt FROM (SELECT TOP (1) e.RecordedAt FROM orders.Events AS e ORDER BY e.RecordedAt DESC) AS e2
      UNION ALL
      SELECT RecordedAt FROM (SELECT TOP (1) a.RecordedAt FROM orders.EventArchive AS a ORDER BY a.RecordedAt) AS a1
      UNION ALL
      SELECT RecordedAt FROM (SELECT TOP (1) a.RecordedAt FROM orders.EventArchive AS a ORDER BY a.RecordedAt DESC) AS a2
    ) AS ends;

    SET @Estimated =
      CONVERT(float, OBJECTPROPERTYEX(OBJECT_ID(N'orders.Events'), N'Cardinality'))
      + CONVERT(float, OBJECTPROPERTYEX(OBJECT_ID(N'orders.EventArchive'), N'Cardinality'));

    IF @From > @First
      SET @Estimated = @Estimated * DATEDIFF_BIG(millisecond, @From, @Last) / DATEDIFF_BIG(millisecond, @First, @Last);
  END;

  SELECT CASE WHEN @Estimated > @Counted THEN CONVERT(bigint, @Estimated) ELSE @Counted END AS events;

  SELECT
    @Beat AS beat,
    CONVERT(nvarchar(24), @BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, @BeatAt, SYSUTCDATETIME()) AS ageMs;
END;
GO

GRANT EXECUTE ON OBJECT::orders.CountLog TO order_sync;
