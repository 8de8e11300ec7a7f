/*
  Drops the statistics that SQL Server created for queries by a column of personal data: they hold up to 200 of its values, and an erasure
  does not reach them. EraseCustomer of earlier versions had such a query, and so has 0010. The procedures have none any more.
*/
DECLARE @Drop nvarchar(max);

SELECT @Drop = STRING_AGG(
  CAST(N'DROP STATISTICS orders.' + QUOTENAME(t.name) + N'.' + QUOTENAME(s.name) AS nvarchar(max)),
  N'; '
)
FROM sys.stats AS s
INNER JOIN sys.tables AS t ON t.object_id = s.object_id
INNER JOIN sys.stats_columns AS sc ON sc.object_id = s.object_id AND sc.stats_id = s.stats_id
INNER JOIN sys.columns AS c ON c.object_id = sc.object_id AND c.column_id = sc.column_id
WHERE
  s.auto_created = 1
  AND t.schema_id = SCHEMA_ID(N'orders')
  AND (
    (t.name = N'Customers' AND c.name IN (N'Name', N'Email', N'Phone'))
    OR (
      t.name = N'Orders'
      AND c.name IN (
        N'ShippingStreet', N'ShippingCity', N'ShippingState', N'ShippingZip', N'ShippingCountry', N'Carrier', N'TrackingNumber'
      )
    )
  );

IF @Drop IS NOT NULL EXEC (@Drop);
