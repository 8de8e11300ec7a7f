/*
  Takes unpublished events under a lease and returns them, in version order per aggregate.

  Two relays cannot split an aggregate: the application lock lets one at a time look and take, and it is held until the lease
  is committed, so the next one sees it and passes over every aggregate of which somebody else holds a row. (READPAST would
  skip locked rows alone: the aggregate's next version could go to another relay at the same time.)
  The order is that of IX_Events_Unpublished: no sort, and a limit cuts an aggregate after some version, never before one.
*/
CREATE OR ALTER PROCEDURE orders.ClaimOutbox
  @Owner nvarchar(128),
  @LeaseMs int,
  @OlderThanMs int,
  @MaxEvents int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Claimed TABLE (
    AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Version int NOT NULL,
    PRIMARY KEY (AggregateType, AggregateId, Version)
  );
  DECLARE @Locked int;

  BEGIN TRANSACTION;

  EXEC @Locked = sys.sp_getapplock
    @Resource = N'orders.ClaimOutbox',
    @LockMode = N'Exclusive',
    @LockOwner = N'Transaction',
    @LockTimeout = 10000;
  IF @Locked < 0 THROW 51004, N'Another relay kept claiming from the outbox.', 1;

  DECLARE @Moment datetime2(3) = SYSUTCDATETIME();

  WITH claimable AS (
    SELECT TOP (@MaxEvents) e.AggregateType, e.AggregateId, e.Version, e.ClaimedBy, e.ClaimedUntil
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
    ORDER BY e.AggregateType, e.AggregateId, e.Version
  )
  UPDATE claimable
  SET ClaimedBy = @Owner, ClaimedUntil = DATEADD(millisecond, @LeaseMs, @Moment)
  OUTPUT inserted.AggregateType, inserted.AggregateId, inserted.Version
  INTO @Claimed (AggregateType, AggregateId, Version);

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
  ORDER BY e.AggregateType, e.AggregateId, e.Version;
END;
