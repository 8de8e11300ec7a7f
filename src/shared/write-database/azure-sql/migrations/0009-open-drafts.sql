/*
  So that counting a customer's open drafts reads those alone. Commands continue while the index is built, on editions that can build it
  online (3 Enterprise and Developer, 5 Azure SQL Database, 8 Managed Instance). Elsewhere they wait, and this waits first for the table that
  they lock first, so that none of them can hold it while this holds orders: a later migration changes both.
*/
DECLARE @Online bit = IIF(CAST(SERVERPROPERTY(N'EngineEdition') AS int) IN (3, 5, 8), 1, 0);
DECLARE @Options nvarchar(40) = IIF(@Online = 1, N' WITH (ONLINE = ON);', N';');
DECLARE @Locked int;

IF @Online = 0
  SELECT @Locked = COUNT(*)
  FROM (SELECT TOP (1) CustomerId FROM orders.CustomerKeys WITH (TABLOCKX, HOLDLOCK)) AS k;

EXEC (
  N'CREATE INDEX IX_Orders_OpenDrafts ON orders.Orders (CustomerId) INCLUDE (OrderStatus) WHERE OrderStatus = N''draft'''
  + @Options
);
