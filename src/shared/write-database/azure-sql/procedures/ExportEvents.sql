/*
  Returns a page of the events of a customer and of their orders in the order of the log's key, for the export, each with the record of its
  command and how often the hub refused it. The page starts after a key, has at most @MaxEvents events, and ends before the first event
  that starts after @MaxCharacters characters. An archived event has no record of its command.

  SNAPSHOT isolation, because an event that is archived during the read must not be missed.
*/
CREATE OR ALTER PROCEDURE orders.ExportEvents
  @CustomerId nvarchar(4000),
  @AfterType nvarchar(16),
  @AfterId nvarchar(64),
  @AfterVersion int,
  @MaxEvents int,
  @MaxCharacters bigint
AS
BEGIN
  SET NOCOUNT ON;
  SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

  WITH ofCustomer AS (
    SELECT TOP (@MaxEvents) e.AggregateType, e.AggregateId, e.Version
    FROM orders.EventLog AS e
    WHERE
      e.AggregateType = N'Customer'
      AND e.AggregateId = @CustomerId
      AND (@AfterType < N'Customer' OR (@AfterType = N'Customer' AND e.Version > @AfterVersion))
    ORDER BY e.Version
  ),
  ofOrders AS (
    SELECT TOP (@MaxEvents) e.AggregateType, e.AggregateId, e.Version
    FROM orders.Orders AS o
    INNER JOIN orders.EventLog AS e ON e.AggregateType = N'Order' AND e.AggregateId = o.OrderId
    WHERE
      o.CustomerId = @CustomerId
      AND (@AfterType < N'Order' OR o.OrderId > @AfterId OR (o.OrderId = @AfterId AND e.Version > @AfterVersion))
    ORDER BY e.AggregateId, e.Version
  ),
  following AS (
    SELECT AggregateType, AggregateId, Version FROM ofCustomer
    UNION ALL
    SELECT AggregateType, AggregateId, Version FROM ofOrders
  ),
  page AS (
    SELECT TOP (@MaxEvents) AggregateType, AggregateId, Version
    FROM following
    ORDER BY AggregateType, AggregateId, Version
  ),
  sized AS (
    SELECT
      p.AggregateType,
      p.AggregateId,
      p.Version,
      SUM(CAST(DATALENGTH(e.Body) / 2 AS bigint)) OVER (
        ORDER BY p.AggregateType, p.AggregateId, p.Version
        ROWS UNBOUNDED PRECEDING
      ) - CAST(DATALENGTH(e.Body) / 2 AS bigint) AS Preceding
    FROM page AS p
    INNER JOIN orders.EventLog AS e
      ON e.AggregateType = p.AggregateType AND e.AggregateId = p.AggregateId AND e.Version = p.Version
  )
  SELECT
    e.AggregateType AS aggregateType,
    e.AggregateId AS aggregateId,
    e.Version AS version,
    e.RecordedAt AS recordedAt,
    e.PublishedAt AS publishedAt,
    e.Body AS body,
    c.CommandId AS commandId,
    c.CommandType AS commandType,
    c.PayloadHash AS payloadHash,
    c.AcceptedAt AS acceptedAt,
    r.Refusals AS refusals
  FROM sized AS s
  INNER JOIN orders.EventLog AS e
    ON e.AggregateType = s.AggregateType AND e.AggregateId = s.AggregateId AND e.Version = s.Version
  LEFT JOIN orders.Commands AS c
    ON c.CommandId = JSON_VALUE(e.Body, N'$.causationId') COLLATE Latin1_General_100_BIN2
  LEFT JOIN orders.RefusedEvents AS r
    ON r.AggregateType = e.AggregateType AND r.AggregateId = e.AggregateId AND r.Version = e.Version
  WHERE s.Preceding <= @MaxCharacters
  ORDER BY e.AggregateType, e.AggregateId, e.Version;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ExportEvents TO order_sync;
