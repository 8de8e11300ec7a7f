/*
  The write model. Ids are opaque and case-sensitive: compared as code points (BIN2). Money is bigint minor units of the row's
  currency. Times are UTC. Every constraint has a name, since the commands tell a lost race from a fault by it.
*/
CREATE TABLE orders.Customers (
  CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Name nvarchar(400) NOT NULL,
  Email nvarchar(400) NOT NULL,
  Phone nvarchar(400) NULL,
  Currency char(3) NOT NULL,
  CreditLimit bigint NOT NULL,
  CreditUsed bigint NOT NULL CONSTRAINT DF_Customers_CreditUsed DEFAULT 0,
  Version int NOT NULL,
  CONSTRAINT PK_Customers PRIMARY KEY (CustomerId),
  CONSTRAINT CK_Customers_CreditWithinLimit CHECK (CreditUsed <= CreditLimit),
  CONSTRAINT CK_Customers_CreditUsedNotNegative CHECK (CreditUsed >= 0)
);
GO

CREATE TABLE orders.Products (
  ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Name nvarchar(400) NOT NULL,
  Price bigint NOT NULL,
  Currency char(3) NOT NULL,
  Available bigint NOT NULL CONSTRAINT DF_Products_Available DEFAULT 0,
  Version int NOT NULL,
  CONSTRAINT PK_Products PRIMARY KEY (ProductId),
  CONSTRAINT CK_Products_AvailableNotNegative CHECK (Available >= 0)
);
GO

CREATE TABLE orders.Orders (
  OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  OrderStatus nvarchar(40) NOT NULL,
  Currency char(3) NOT NULL,
  Total bigint NOT NULL,
  ShippingStreet nvarchar(400) NULL,
  ShippingCity nvarchar(400) NULL,
  ShippingState nvarchar(400) NULL,
  ShippingZip nvarchar(400) NULL,
  ShippingCountry nvarchar(400) NULL,
  PlacedAt datetime2(3) NULL,
  ConfirmedAt datetime2(3) NULL,
  Carrier nvarchar(400) NULL,
  TrackingNumber nvarchar(400) NULL,
  ShippedAt datetime2(3) NULL,
  DeliveredAt datetime2(3) NULL,
  Version int NOT NULL,
  CONSTRAINT PK_Orders PRIMARY KEY (OrderId),
  CONSTRAINT FK_Orders_Customers FOREIGN KEY (CustomerId) REFERENCES orders.Customers (CustomerId)
);
GO

CREATE TABLE orders.OrderItems (
  OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Line int NOT NULL,
  ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Quantity int NOT NULL,
  Price bigint NOT NULL,
  CONSTRAINT PK_OrderItems PRIMARY KEY (OrderId, Line),
  CONSTRAINT FK_OrderItems_Orders FOREIGN KEY (OrderId) REFERENCES orders.Orders (OrderId),
  CONSTRAINT FK_OrderItems_Products FOREIGN KEY (ProductId) REFERENCES orders.Products (ProductId)
);
GO

CREATE TABLE orders.Commands (
  CommandId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CommandType nvarchar(64) NOT NULL,
  PayloadHash nvarchar(128) NOT NULL,
  AcceptedAt datetime2(3) NOT NULL,
  AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Version int NOT NULL,
  CONSTRAINT PK_Commands PRIMARY KEY (CommandId)
);
GO

/* The event log: audit trail, source of replays and, until PublishedAt is set, the outbox. */
CREATE TABLE orders.Events (
  EventId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateType nvarchar(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  AggregateId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Version int NOT NULL,
  RecordedAt datetime2(3) NOT NULL CONSTRAINT DF_Events_RecordedAt DEFAULT SYSUTCDATETIME(),
  PublishedAt datetime2(3) NULL,
  ClaimedBy nvarchar(128) COLLATE Latin1_General_100_BIN2 NULL,
  ClaimedUntil datetime2(3) NULL,
  Body nvarchar(max) NOT NULL,
  CONSTRAINT PK_Events PRIMARY KEY (AggregateType, AggregateId, Version),
  CONSTRAINT UQ_Events_EventId UNIQUE (EventId)
);
GO

CREATE INDEX IX_Events_Unpublished
  ON orders.Events (AggregateType, AggregateId, Version)
  INCLUDE (RecordedAt, PublishedAt, ClaimedUntil, ClaimedBy)
  WHERE PublishedAt IS NULL;
GO

/* The command app's right: the procedures and nothing else. A deployment makes the app's user a member. */
IF DATABASE_PRINCIPAL_ID(N'order_commands') IS NULL
  CREATE ROLE order_commands;
GO

GRANT EXECUTE ON SCHEMA::orders TO order_commands;
