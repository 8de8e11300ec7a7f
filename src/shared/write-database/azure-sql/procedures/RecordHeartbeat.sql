/* Advances the heartbeat and returns its number: a replica that has this beat has everything that was committed before the call. */
CREATE OR ALTER PROCEDURE orders.RecordHeartbeat
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Beat bigint;

  UPDATE orders.Heartbeat
  SET @Beat = Beat = Beat + 1, BeatAt = SYSUTCDATETIME()
  WHERE HeartbeatId = 1;

  SELECT @Beat AS beat;
END;
GO

GRANT EXECUTE ON OBJECT::orders.RecordHeartbeat TO order_sync;
