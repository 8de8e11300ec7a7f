/* Marks events as published, and forgets that the hub refused them. Skips unknown ids and events that are already marked. */
CREATE OR ALTER PROCEDURE orders.MarkPublished
  @EventIds nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Published TABLE (EventId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY);

  INSERT INTO @Published (EventId)
  SELECT DISTINCT ids.EventId
  FROM OPENJSON(@EventIds) WITH (EventId nvarchar(64) '$') AS ids
  WHERE ids.EventId IS NOT NULL;

  BEGIN TRANSACTION;

  UPDATE e
  SET PublishedAt = SYSUTCDATETIME()
  FROM orders.Events AS e
  INNER JOIN @Published AS p ON p.EventId = e.EventId
  WHERE e.PublishedAt IS NULL;

  DELETE refused
  FROM orders.RefusedEvents AS refused
  INNER JOIN @Published AS p ON p.EventId = refused.EventId;

  COMMIT TRANSACTION;
END;
