/* Succeeds when the database accepts writes of the app: it responds, grants the app its rights, is not read-only, and has space left. */
CREATE OR ALTER PROCEDURE orders.Ping
AS
BEGIN
  SET NOCOUNT ON;

  IF CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Updateability')) = N'READ_ONLY'
    THROW 51007, N'The database is read-only.', 1;

  /* See https://learn.microsoft.com/azure/azure-sql/database/file-space-manage. Hyperscale has no limit (-1), SQL Server none here (NULL). */
  DECLARE @MaxBytes bigint = CONVERT(bigint, DATABASEPROPERTYEX(DB_NAME(), N'MaxSizeInBytes'));
  /* Pages of 8 KB in the primary data file, which is the only one in Azure SQL unless the database is Hyperscale. */
  DECLARE @UsedBytes bigint = CONVERT(bigint, FILEPROPERTY(FILE_NAME(1), N'SpaceUsed')) * 8192;
  /* A commit of 500 lines takes less than 1 MB. */
  IF @MaxBytes > 0 AND @UsedBytes > @MaxBytes - 1048576
    THROW 51008, N'The database is full.', 1;

  SELECT 1 AS answer;
END;
