/*
  The archive of the event log: events that were published long ago. ArchiveEvents moves them here from Events, so that the table that every
  commit writes to keeps its size. Bodies are compressed, and there are only the two indexes that reading the log needs. EventLog is the
  whole log: each event is in exactly one of the tables.
*/
CREATE TABLE orders.EventArchive (
  EventId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Version int NOT NULL,
  RecordedAt datetime2(3) NOT NULL,
  PublishedAt datetime2(3) NOT NULL,
  CompressedBody varbinary(max) NOT NULL,
  CONSTRAINT PK_EventArchive PRIMARY KEY (AggregateType, AggregateId, Version) WITH (DATA_COMPRESSION = ROW)
);
GO

CREATE INDEX IX_EventArchive_RecordedAt ON orders.EventArchive (RecordedAt) WITH (DATA_COMPRESSION = ROW);
GO

CREATE VIEW orders.EventLog
AS
SELECT EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body
FROM orders.Events
UNION ALL
SELECT
  EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt,
  CAST(DECOMPRESS(CompressedBody) AS nvarchar(max)) AS Body
FROM orders.EventArchive;
GO

/* CountLog reads the number of rows of both tables (see 0017). */
GRANT VIEW DEFINITION ON OBJECT::orders.EventArchive TO order_sync;
GO

/*
  Every commit adds to the end of these indexes, where concurrent commits wait for each other's latch on the last page. Changes metadata
  only.
*/
ALTER INDEX IX_Events_RecordedAt ON orders.Events SET (OPTIMIZE_FOR_SEQUENTIAL_KEY = ON);
GO

ALTER INDEX IX_Events_UnpublishedByAge ON orders.Events SET (OPTIMIZE_FOR_SEQUENTIAL_KEY = ON);
