/* Marks events as published; ids that are unknown or marked already are passed over. */
CREATE OR ALTER PROCEDURE orders.MarkPublished
  @EventIds nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  UPDATE e
  SET PublishedAt = SYSUTCDATETIME()
  FROM orders.Events AS e
  INNER JOIN (
    SELECT DISTINCT ids.EventId COLLATE Latin1_General_100_BIN2 AS EventId
    FROM OPENJSON(@EventIds) WITH (EventId nvarchar(4000) '$') AS ids
  ) AS published ON published.EventId = e.EventId
  WHERE e.PublishedAt IS NULL;
END;
