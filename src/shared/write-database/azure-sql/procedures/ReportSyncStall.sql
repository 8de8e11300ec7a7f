/* Records why a consumer cannot process a partition, in place of the previous report. Without a reason, the stall has ended. */
CREATE OR ALTER PROCEDURE orders.ReportSyncStall
  @Consumer nvarchar(64),
  @PartitionId nvarchar(64),
  @Since datetime2(3),
  @Reason nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  IF @Reason IS NULL
  BEGIN
    DELETE FROM orders.SyncStalls WHERE Consumer = @Consumer AND PartitionId = @PartitionId;
    RETURN;
  END;

  BEGIN TRANSACTION;

  /* The range stays locked, so that of two first reports one inserts and the other one updates. */
  UPDATE orders.SyncStalls WITH (UPDLOCK, SERIALIZABLE)
  SET Since = @Since, Reason = @Reason, ReportedAt = SYSUTCDATETIME()
  WHERE Consumer = @Consumer AND PartitionId = @PartitionId;

  IF @@ROWCOUNT = 0
    INSERT INTO orders.SyncStalls (Consumer, PartitionId, Since, Reason, ReportedAt)
    VALUES (@Consumer, @PartitionId, @Since, @Reason, SYSUTCDATETIME());

  COMMIT TRANSACTION;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReportSyncStall TO order_sync;
