/*
  The outbox is drained by age. Within an aggregate, RecordedAt never decreases with the version, so order by age is version order
  as well: CommitCommand sees to it from now on, and the update repairs what a clock that was set back has left unpublished.
*/
UPDATE e
SET RecordedAt = earlier.RecordedAt
FROM orders.Events AS e
CROSS APPLY (
  SELECT MAX(p.RecordedAt) AS RecordedAt
  FROM orders.Events AS p
  WHERE
    p.PublishedAt IS NULL
    AND p.AggregateType = e.AggregateType
    AND p.AggregateId = e.AggregateId
    AND p.Version < e.Version
) AS earlier
WHERE e.PublishedAt IS NULL AND earlier.RecordedAt > e.RecordedAt;
GO

CREATE INDEX IX_Events_UnpublishedByAge
  ON orders.Events (RecordedAt, AggregateType, AggregateId, Version)
  INCLUDE (PublishedAt)
  WHERE PublishedAt IS NULL;
