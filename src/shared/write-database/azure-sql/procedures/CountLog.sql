/* Number of events in the log; those recorded before a time (null: none) are not counted. */
CREATE OR ALTER PROCEDURE orders.CountLog
  @RecordedFrom datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;

  IF @RecordedFrom IS NULL
    SELECT COUNT_BIG(*) AS events
    FROM orders.Events;
  ELSE
    SELECT COUNT_BIG(*) AS events
    FROM orders.Events
    WHERE RecordedAt >= @RecordedFrom;
END;
GO

GRANT EXECUTE ON OBJECT::orders.CountLog TO order_sync;
