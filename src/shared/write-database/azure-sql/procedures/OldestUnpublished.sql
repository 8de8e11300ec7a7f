/*
  Describes the outbox: age in milliseconds of the oldest unpublished event (0 when there is none), the number of events that are
  set aside, and the number of later versions of their aggregates, which wait for them. The age is that of the other events. Last,
  the number of all unpublished events.

  Reads the 10,000 oldest unpublished events in the order of IX_Events_UnpublishedByAge, so that it costs the same however many there
  are. If all of them are set aside or wait, the age is that of the newest of them, the least that the others can be younger than.
*/
CREATE OR ALTER PROCEDURE orders.OldestUnpublished
AS
BEGIN
  SET NOCOUNT ON;

  WITH oldest AS (
    SELECT TOP (10000) e.RecordedAt, e.AggregateType, e.AggregateId, e.Version
    FROM orders.Events AS e
    WHERE e.PublishedAt IS NULL
    ORDER BY e.RecordedAt, e.AggregateType, e.AggregateId, e.Version
  ),
  examined AS (
    SELECT o.RecordedAt, o.Version, aside.Version AS AsideVersion
    FROM oldest AS o
    OUTER APPLY (
      SELECT MIN(r.Version) AS Version
      FROM orders.RefusedEvents AS r
      WHERE r.AggregateType = o.AggregateType AND r.AggregateId = o.AggregateId AND r.SetAsideUntil IS NOT NULL
    ) AS aside
  )
  SELECT
    COALESCE(
      DATEDIFF_BIG(
        millisecond,
        COALESCE(
          MIN(CASE WHEN AsideVersion IS NULL OR Version < AsideVersion THEN RecordedAt END),
          CASE WHEN COUNT(*) = 10000 THEN MAX(RecordedAt) END
        ),
        SYSUTCDATETIME()
      ),
      0
    ) AS age,
    (
      SELECT COUNT(*)
      FROM (SELECT TOP (10000) Version FROM orders.RefusedEvents WHERE SetAsideUntil IS NOT NULL) AS setAside
    ) AS setAside,
    COUNT(CASE WHEN Version > AsideVersion THEN 1 END) AS waiting,
    COUNT(*) AS unpublished
  FROM examined;
END;
