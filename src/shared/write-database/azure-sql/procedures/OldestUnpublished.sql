/*
  Describes the outbox: age in milliseconds of the oldest unpublished event (0 when there is none), the number of events that are
  set aside, and the number of later versions of their aggregates, which wait for them. The age is that of the other events. Last,
  the number of all unpublished events, counted up to 10,000.
*/
CREATE OR ALTER PROCEDURE orders.OldestUnpublished
AS
BEGIN
  SET NOCOUNT ON;

  DECLARE @Oldest datetime2(3) = (
    SELECT TOP (1) e.RecordedAt
    FROM orders.Events AS e
    WHERE
      e.PublishedAt IS NULL
      AND NOT EXISTS (
        SELECT 1
        FROM orders.RefusedEvents AS aside
        WHERE
          aside.AggregateType = e.AggregateType
          AND aside.AggregateId = e.AggregateId
          AND aside.Version <= e.Version
          AND aside.SetAsideUntil IS NOT NULL
      )
    ORDER BY e.RecordedAt
  );

  SELECT
    COALESCE(DATEDIFF_BIG(millisecond, @Oldest, SYSUTCDATETIME()), 0) AS age,
    (SELECT COUNT(*) FROM orders.RefusedEvents WHERE SetAsideUntil IS NOT NULL) AS setAside,
    (
      SELECT COUNT(*)
      FROM (
        SELECT AggregateType, AggregateId, MIN(Version) AS Version
        FROM orders.RefusedEvents
        WHERE SetAsideUntil IS NOT NULL
        GROUP BY AggregateType, AggregateId
      ) AS aside
      INNER JOIN orders.Events AS e
        ON e.AggregateType = aside.AggregateType AND e.AggregateId = aside.AggregateId AND e.Version > aside.Version
      WHERE e.PublishedAt IS NULL
    ) AS waiting,
    (SELECT COUNT(*) FROM (SELECT TOP (10000) e.Version FROM orders.Events AS e WHERE e.PublishedAt IS NULL) AS e) AS unpublished;
END;
