/* Age in milliseconds of the oldest unpublished event; 0 when there is none. */
CREATE OR ALTER PROCEDURE orders.OldestUnpublished
AS
BEGIN
  SET NOCOUNT ON;

  SELECT COALESCE(DATEDIFF_BIG(millisecond, MIN(RecordedAt), SYSUTCDATETIME()), 0) AS age
  FROM orders.Events
  WHERE PublishedAt IS NULL;
END;
