/* The stalls that were reported within the last @MaxAgeMs milliseconds: an older one belongs to a process that is gone. */
CREATE OR ALTER PROCEDURE orders.ReadSyncStalls
  @MaxAgeMs int
AS
BEGIN
  SET NOCOUNT ON;

  SELECT
    Consumer AS consumer,
    PartitionId AS partitionId,
    CONVERT(nvarchar(24), Since, 126) + N'Z' AS since,
    Reason AS reason
  FROM orders.SyncStalls
  WHERE ReportedAt > DATEADD(millisecond, -@MaxAgeMs, SYSUTCDATETIME());
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadSyncStalls TO order_sync;
