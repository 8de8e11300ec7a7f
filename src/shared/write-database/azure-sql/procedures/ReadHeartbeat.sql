/* Returns the heartbeat that this copy of the database has, and its age in milliseconds. */
CREATE OR ALTER PROCEDURE orders.ReadHeartbeat
AS
BEGIN
  SET NOCOUNT ON;

  SELECT
    Beat AS beat,
    CONVERT(nvarchar(24), BeatAt, 126) + N'Z' AS beatAt,
    DATEDIFF_BIG(millisecond, BeatAt, SYSUTCDATETIME()) AS ageMs
  FROM orders.Heartbeat;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadHeartbeat TO order_sync;
