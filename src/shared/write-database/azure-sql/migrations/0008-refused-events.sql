/*
  Unpublished events that the hub has refused: how often, and until when such an event is set aside (null: not yet). The later
  versions of its aggregate wait for it. A row is deleted when its event is published.
*/
CREATE TABLE orders.RefusedEvents (
  AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Version int NOT NULL,
  EventId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Refusals int NOT NULL,
  SetAsideUntil datetime2(3) NULL,
  CONSTRAINT PK_RefusedEvents PRIMARY KEY (AggregateType, AggregateId, Version),
  CONSTRAINT UQ_RefusedEvents_EventId UNIQUE (EventId)
);
