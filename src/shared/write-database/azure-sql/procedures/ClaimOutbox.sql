/*
  Leases unpublished events and returns them by age, the oldest first, and so in version order per aggregate: within an aggregate,
  RecordedAt never decreases with the version (CommitCommand).

  Two relays cannot split an aggregate. The application lock lets one relay at a time claim and is held until the lease is
  committed, so the next relay sees the lease and skips every aggregate of which another owner has leased a row. (READPAST would
  skip only locked rows: another relay could get the aggregate's next version at the same time.) The order is that of
  IX_Events_UnpublishedByAge, so the oldest events are a seek, no sort is needed, and the limits always keep an aggregate's
  earliest versions: at most @MaxEvents events, and none that starts after @MaxCharacters characters (null: no limit).

  An event that is set aside is skipped until its time, and so are the later versions of its aggregate.

  The wait for the lock is shorter than the timeout of the app's requests (10 s), so that it ends with its own error.
*/
CREATE OR ALTER PROCEDURE orders.ClaimOutbox
  @Owner nvarchar(128),
  @LeaseMs int,
  @OlderThanMs int,
  @MaxEvents int,
  @MaxCharacters bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Claimed TABLE (
    RecordedAt datetime2(3) NOT NULL,
    AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Version int NOT NULL,
    PRIMARY KEY (RecordedAt, AggregateType, AggregateId, Version)
  );
  DECLARE @Locked int;

  BEGIN TRANSACTION;

  EXEC @Locked = sys.sp_getapplock
    @Resource = N'orders.ClaimOutbox',
    @LockMode = N'Exclusive',
    @LockOwner = N'Transaction',
    @LockTimeout = 5000;
  IF @Locked < 0 THROW 51004, N'Timed out waiting for another relay to claim from the outbox.', 1;

  DECLARE @Moment datetime2(3) = SYSUTCDATETIME();

  WITH oldest AS (
    SELECT TOP (@MaxEvents) e.RecordedAt, e.AggregateType, e.AggregateId, e.Version, e.Body
    FROM orders.Events AS e
    WHERE
      e.PublishedAt IS NULL
      AND e.RecordedAt <= DATEADD(millisecond, -@OlderThanMs, @Moment)
      AND NOT EXISTS (
        SELECT 1
        FROM orders.Events AS held
        WHERE
          held.PublishedAt IS NULL
          AND held.AggregateType = e.AggregateType
          AND held.AggregateId = e.AggregateId
          AND held.ClaimedUntil > @Moment
          AND held.ClaimedBy <> @Owner
      )
      AND NOT EXISTS (
        SELECT 1
        FROM orders.RefusedEvents AS aside
        WHERE
          aside.AggregateType = e.AggregateType
          AND aside.AggregateId = e.AggregateId
          AND aside.Version <= e.Version
          AND aside.SetAsideUntil > @Moment
      )
    ORDER BY e.RecordedAt, e.AggregateType, e.AggregateId, e.Version
  ),
  sized AS (
    SELECT
      o.RecordedAt,
      o.AggregateType,
      o.AggregateId,
      o.Version,
      SUM(CAST(DATALENGTH(o.Body) / 2 AS bigint)) OVER (
        ORDER BY o.RecordedAt, o.AggregateType, o.AggregateId, o.Version
        ROWS UNBOUNDED PRECEDING
      ) - CAST(DATALENGTH(o.Body) / 2 AS bigint) AS Preceding
    FROM oldest AS o
  )
  INSERT INTO @Claimed (RecordedAt, AggregateType, AggregateId, Version)
  SELECT s.RecordedAt, s.AggregateType, s.AggregateId, s.Version
  FROM sized AS s
  WHERE @MaxCharacters IS NULL OR s.Preceding <= @MaxCharacters;

  UPDATE e
  SET ClaimedBy = @Owner, ClaimedUntil = DATEADD(millisecond, @LeaseMs, @Moment)
  FROM @Claimed AS c
  INNER JOIN orders.Events AS e
    ON e.AggregateType = c.AggregateType AND e.AggregateId = c.AggregateId AND e.Version = c.Version
  WHERE e.PublishedAt IS NULL
  OPTION (LOOP JOIN, FORCE ORDER);

  COMMIT TRANSACTION;

  SELECT
    e.EventId AS eventId,
    e.AggregateType AS aggregateType,
    e.AggregateId AS aggregateId,
    e.Version AS version,
    e.Body AS body
  FROM @Claimed AS c
  INNER JOIN orders.Events AS e
    ON e.AggregateType = c.AggregateType AND e.AggregateId = c.AggregateId AND e.Version = c.Version
  WHERE e.PublishedAt IS NULL
  ORDER BY c.RecordedAt, c.AggregateType, c.AggregateId, c.Version;
END;
