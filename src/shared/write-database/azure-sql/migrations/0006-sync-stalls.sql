/*
  Partitions that a consumer of the hub cannot process at the moment, with the reason: a row per consumer and partition, refreshed
  at every failed attempt and deleted after the next successful batch. GET /admin/lag shows them.
*/
CREATE TABLE orders.SyncStalls (
  Consumer nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  PartitionId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Since datetime2(3) NOT NULL,
  Reason nvarchar(400) NOT NULL,
  ReportedAt datetime2(3) NOT NULL,
  CONSTRAINT PK_SyncStalls PRIMARY KEY (Consumer, PartitionId)
);
