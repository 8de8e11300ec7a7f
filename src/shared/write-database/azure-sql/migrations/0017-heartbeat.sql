/*
  A single row that the sync app advances every few seconds. A readable secondary replica applies transactions in the order of their
  commits. So a replica that has a beat has everything that was committed before it, and the time of the beat bounds the replica's lag.
*/
CREATE TABLE orders.Heartbeat (
  HeartbeatId tinyint NOT NULL,
  Beat bigint NOT NULL,
  BeatAt datetime2(3) NOT NULL,
  CONSTRAINT PK_Heartbeat PRIMARY KEY (HeartbeatId),
  CONSTRAINT CK_Heartbeat_SingleRow CHECK (HeartbeatId = 1)
);
GO

INSERT INTO orders.Heartbeat (HeartbeatId, Beat, BeatAt) VALUES (1, 0, SYSUTCDATETIME());
GO

/*
  CountLog reads the number of rows that the engine keeps, which is visible to those who may see the definition of the table. This shows
  no data.
*/
GRANT VIEW DEFINITION ON OBJECT::orders.Events TO order_sync;
