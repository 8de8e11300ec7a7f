/* Puts down how far a read model is behind (ms), in place of the report before. */
CREATE OR ALTER PROCEDURE orders.ReportSyncLag
  @ReadModel nvarchar(64),
  @Measure nvarchar(20),
  @LagMs int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  BEGIN TRANSACTION;

  /* The range stays locked, so that of two first reports one inserts and the other one updates. */
  UPDATE orders.SyncLags WITH (UPDLOCK, SERIALIZABLE)
  SET LagMs = @LagMs, ReportedAt = SYSUTCDATETIME()
  WHERE ReadModel = @ReadModel AND Measure = @Measure;

  IF @@ROWCOUNT = 0
    INSERT INTO orders.SyncLags (ReadModel, Measure, LagMs, ReportedAt)
    VALUES (@ReadModel, @Measure, @LagMs, SYSUTCDATETIME());

  COMMIT TRANSACTION;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReportSyncLag TO order_sync;
