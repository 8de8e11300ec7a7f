/*
  How far the read models are behind, as the sync app has measured it last: a row per read model and measure, overwritten at
  every report. Commands read it with the rows that they decide on.
*/
CREATE TABLE orders.SyncLags (
  ReadModel nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Measure nvarchar(20) COLLATE Latin1_General_100_BIN2 NOT NULL,
  LagMs bigint NOT NULL,
  ReportedAt datetime2(3) NOT NULL,
  CONSTRAINT PK_SyncLags PRIMARY KEY (ReadModel, Measure)
);
