/*
  Moves the oldest events that are published and were recorded before @RecordedBefore to the archive, and deletes the records of their
  commands: at most @MaxEvents events, and none that starts after @MaxCharacters characters. Returns how many were moved.

  One transaction: at any time, an event is in exactly one of the two tables. The rows that the statement deletes are those that it moves,
  so concurrent calls move an event once. A statement that takes 5,000 locks would lock the whole table: a published event has three keys
  in Events, so @MaxEvents is at most 1,500.
*/
CREATE OR ALTER PROCEDURE orders.ArchiveEvents
  @RecordedBefore nvarchar(40),
  @MaxEvents int,
  @MaxCharacters bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Before datetime2(3) = CONVERT(datetime2(3), @RecordedBefore, 127);
  DECLARE @Due TABLE (
    AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
    AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Version int NOT NULL,
    CommandId nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
    PRIMARY KEY (AggregateType, AggregateId, Version)
  );
  DECLARE @Archived int;

  WITH oldest AS (
    SELECT TOP (@MaxEvents) e.RecordedAt, e.AggregateType, e.AggregateId, e.Version, e.Body
    FROM orders.Events AS e
    WHERE e.RecordedAt < @Before AND e.PublishedAt IS NOT NULL
    ORDER BY e.RecordedAt, e.AggregateType, e.AggregateId, e.Version
  ),
  sized AS (
    SELECT
      o.AggregateType,
      o.AggregateId,
      o.Version,
      CAST(JSON_VALUE(o.Body, N'$.causationId') AS nvarchar(64)) AS CommandId,
      SUM(CAST(DATALENGTH(o.Body) / 2 AS bigint)) OVER (
        ORDER BY o.RecordedAt, o.AggregateType, o.AggregateId, o.Version
        ROWS UNBOUNDED PRECEDING
      ) - CAST(DATALENGTH(o.Body) / 2 AS bigint) AS Preceding
    FROM oldest AS o
  )
  INSERT INTO @Due (AggregateType, AggregateId, Version, CommandId)
  SELECT s.AggregateType, s.AggregateId, s.Version, s.CommandId
  FROM sized AS s
  WHERE s.Preceding <= @MaxCharacters;

  BEGIN TRANSACTION;

  DELETE e
  OUTPUT
    deleted.EventId, deleted.AggregateType, deleted.AggregateId, deleted.Version, deleted.RecordedAt, deleted.PublishedAt,
    COMPRESS(deleted.Body)
  INTO orders.EventArchive (
    EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, CompressedBody
  )
  FROM @Due AS d
  INNER JOIN orders.Events AS e
    ON e.AggregateType = d.AggregateType AND e.AggregateId = d.AggregateId AND e.Version = d.Version
  OPTION (LOOP JOIN, FORCE ORDER);

  SET @Archived = @@ROWCOUNT;

  DELETE c
  FROM @Due AS d
  INNER JOIN orders.Commands AS c ON c.CommandId = d.CommandId
  OPTION (LOOP JOIN, FORCE ORDER);

  COMMIT TRANSACTION;

  SELECT @Archived AS archived;
END;
