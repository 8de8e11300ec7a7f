/**
 * The schema migrations. A file's `user_version` is the number of migrations applied to it. Migrations are never changed, only
 * added. Names and constraints match Azure SQL (`src/shared/write-database/azure-sql/migrations`). Times that only the database
 * compares are milliseconds since 1970; the others are ISO 8601 text.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE Customers (
    CustomerId TEXT NOT NULL,
    Name TEXT NOT NULL,
    Email TEXT NOT NULL,
    Phone TEXT,
    Currency TEXT NOT NULL,
    CreditLimit INTEGER NOT NULL,
    CreditUsed INTEGER NOT NULL DEFAULT 0,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_Customers PRIMARY KEY (CustomerId),
    CONSTRAINT CK_Customers_CreditWithinLimit CHECK (CreditUsed <= CreditLimit),
    CONSTRAINT CK_Customers_CreditUsedNotNegative CHECK (CreditUsed >= 0)
  ) STRICT;

  CREATE TABLE Products (
    ProductId TEXT NOT NULL,
    Name TEXT NOT NULL,
    Price INTEGER NOT NULL,
    Currency TEXT NOT NULL,
    Available INTEGER NOT NULL DEFAULT 0,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_Products PRIMARY KEY (ProductId),
    CONSTRAINT CK_Products_AvailableNotNegative CHECK (Available >= 0)
  ) STRICT;

  CREATE TABLE Orders (
    OrderId TEXT NOT NULL,
    CustomerId TEXT NOT NULL,
    Status TEXT NOT NULL,
    Currency TEXT NOT NULL,
    Total INTEGER NOT NULL,
    ShippingStreet TEXT,
    ShippingCity TEXT,
    ShippingState TEXT,
    ShippingZip TEXT,
    ShippingCountry TEXT,
    PlacedAt TEXT,
    ConfirmedAt TEXT,
    Carrier TEXT,
    TrackingNumber TEXT,
    ShippedAt TEXT,
    DeliveredAt TEXT,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_Orders PRIMARY KEY (OrderId),
    CONSTRAINT FK_Orders_Customers FOREIGN KEY (CustomerId) REFERENCES Customers (CustomerId)
  ) STRICT;

  CREATE TABLE OrderItems (
    OrderId TEXT NOT NULL,
    Line INTEGER NOT NULL,
    ProductId TEXT NOT NULL,
    Quantity INTEGER NOT NULL,
    Price INTEGER NOT NULL,
    CONSTRAINT PK_OrderItems PRIMARY KEY (OrderId, Line),
    CONSTRAINT FK_OrderItems_Orders FOREIGN KEY (OrderId) REFERENCES Orders (OrderId),
    CONSTRAINT FK_OrderItems_Products FOREIGN KEY (ProductId) REFERENCES Products (ProductId)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE Commands (
    CommandId TEXT NOT NULL,
    CommandType TEXT NOT NULL,
    PayloadHash TEXT NOT NULL,
    AcceptedAt TEXT NOT NULL,
    AggregateType TEXT NOT NULL,
    AggregateId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_Commands PRIMARY KEY (CommandId)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE Events (
    EventId TEXT NOT NULL,
    AggregateType TEXT NOT NULL,
    AggregateId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    RecordedAt INTEGER NOT NULL,
    PublishedAt INTEGER,
    ClaimedBy TEXT,
    ClaimedUntil INTEGER,
    Body TEXT NOT NULL,
    CONSTRAINT PK_Events PRIMARY KEY (AggregateType, AggregateId, Version),
    CONSTRAINT UQ_Events_EventId UNIQUE (EventId)
  ) STRICT;

  CREATE INDEX IX_Events_Unpublished
    ON Events (AggregateType, AggregateId, Version, RecordedAt, ClaimedUntil, ClaimedBy)
    WHERE PublishedAt IS NULL;
  `,
  `
  CREATE TABLE SyncLags (
    ReadModel TEXT NOT NULL,
    Measure TEXT NOT NULL,
    LagMs INTEGER NOT NULL,
    ReportedAt INTEGER NOT NULL,
    CONSTRAINT PK_SyncLags PRIMARY KEY (ReadModel, Measure)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE CustomerKeys (
    CustomerId TEXT NOT NULL,
    KeyId TEXT,
    WrappedKey TEXT,
    MasterKeyVersion TEXT,
    ErasedAt TEXT,
    CONSTRAINT PK_CustomerKeys PRIMARY KEY (CustomerId),
    CONSTRAINT CK_CustomerKeys_KeyOrErased CHECK (
      (ErasedAt IS NULL AND KeyId IS NOT NULL AND WrappedKey IS NOT NULL AND MasterKeyVersion IS NOT NULL)
      OR (ErasedAt IS NOT NULL AND KeyId IS NULL AND WrappedKey IS NULL AND MasterKeyVersion IS NULL))
  ) STRICT;

  CREATE INDEX IX_CustomerKeys_MasterKeyVersion ON CustomerKeys (MasterKeyVersion);

  CREATE INDEX IX_Orders_CustomerId ON Orders (CustomerId);
  `,
  `
  CREATE TABLE SyncStalls (
    Consumer TEXT NOT NULL,
    PartitionId TEXT NOT NULL,
    Since TEXT NOT NULL,
    Reason TEXT NOT NULL,
    ReportedAt INTEGER NOT NULL,
    CONSTRAINT PK_SyncStalls PRIMARY KEY (Consumer, PartitionId)
  ) STRICT, WITHOUT ROWID;
  `,
  // The outbox is drained by age. Within an aggregate, RecordedAt never decreases with the version: the update repairs what a clock
  // that was set back has left, and commits see to it from now on.
  `
  UPDATE Events SET RecordedAt = repaired.RecordedAt
  FROM (
    SELECT EventId, max(RecordedAt) OVER (PARTITION BY AggregateType, AggregateId ORDER BY Version) AS RecordedAt FROM Events
  ) AS repaired
  WHERE Events.EventId = repaired.EventId AND Events.RecordedAt < repaired.RecordedAt;

  CREATE INDEX IX_Events_UnpublishedByAge
    ON Events (RecordedAt, AggregateType, AggregateId, Version)
    WHERE PublishedAt IS NULL;
  `,
  `
  CREATE TABLE RefusedEvents (
    AggregateType TEXT NOT NULL,
    AggregateId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    EventId TEXT NOT NULL,
    Refusals INTEGER NOT NULL,
    SetAsideUntil INTEGER,
    CONSTRAINT PK_RefusedEvents PRIMARY KEY (AggregateType, AggregateId, Version),
    CONSTRAINT UQ_RefusedEvents_EventId UNIQUE (EventId)
  ) STRICT, WITHOUT ROWID;
  `,
  "CREATE INDEX IX_Orders_OpenDrafts ON Orders (CustomerId) WHERE Status = 'draft';",
  // A carrier and a tracking number lead to a person. Erasing a customer erases them from now on; this erases them for the customers
  // who were erased before.
  `
  UPDATE Orders SET Carrier = '[erased]', TrackingNumber = '[erased]'
  WHERE Carrier IS NOT NULL AND CustomerId IN (SELECT CustomerId FROM CustomerKeys WHERE ErasedAt IS NOT NULL);
  `,
  // A customer's data key is replaced after each rotation of the master key. CustomerKeys has the key that encrypts new events,
  // RetiredCustomerKeys the earlier keys, which still decrypt, until the customer is erased.
  `
  CREATE TABLE RetiredCustomerKeys (
    CustomerId TEXT NOT NULL,
    KeyId TEXT NOT NULL,
    WrappedKey TEXT NOT NULL,
    MasterKeyVersion TEXT NOT NULL,
    RetiredAt TEXT NOT NULL,
    CONSTRAINT PK_RetiredCustomerKeys PRIMARY KEY (CustomerId, KeyId)
  ) STRICT;

  CREATE INDEX IX_RetiredCustomerKeys_MasterKeyVersion ON RetiredCustomerKeys (MasterKeyVersion);
  `,
  // Who requested the erasure of a customer, where a second person has to confirm it.
  'ALTER TABLE Customers ADD COLUMN ErasureRequestedBy TEXT;',
  // The highest line that the order ever had. Null in the rows of version 0.1.0, where it is at least the highest line of the items.
  'ALTER TABLE Orders ADD COLUMN LastLine INTEGER;',
  // The submitted orders, by the time when the command that submitted them was accepted. Triggers maintain them, because a process of an
  // earlier version may share the file.
  `
  CREATE TABLE UnconfirmedOrders (
    OrderId TEXT NOT NULL,
    SubmittedAt TEXT NOT NULL,
    CONSTRAINT PK_UnconfirmedOrders PRIMARY KEY (OrderId),
    CONSTRAINT FK_UnconfirmedOrders_Orders FOREIGN KEY (OrderId) REFERENCES Orders (OrderId)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX IX_UnconfirmedOrders_SubmittedAt ON UnconfirmedOrders (SubmittedAt, OrderId);

  INSERT INTO UnconfirmedOrders (OrderId, SubmittedAt)
  SELECT OrderId, (
    SELECT Body ->> 'timestamp' FROM Events
    WHERE AggregateType = 'Order' AND AggregateId = OrderId AND Body ->> 'eventType' IN ('OrderPlaced', 'OrderSubmitted')
    ORDER BY Version DESC LIMIT 1)
  FROM Orders WHERE Status = 'submitted';

  CREATE TRIGGER TR_Orders_Placed AFTER INSERT ON Orders WHEN NEW.Status = 'submitted'
  BEGIN
    INSERT INTO UnconfirmedOrders (OrderId, SubmittedAt)
    SELECT NEW.OrderId, Body ->> 'timestamp' FROM Events
    WHERE AggregateType = 'Order' AND AggregateId = NEW.OrderId AND Version = NEW.Version;
  END;

  CREATE TRIGGER TR_Orders_Submitted AFTER UPDATE OF Status ON Orders
  WHEN NEW.Status = 'submitted' AND OLD.Status <> 'submitted'
  BEGIN
    INSERT INTO UnconfirmedOrders (OrderId, SubmittedAt)
    SELECT NEW.OrderId, Body ->> 'timestamp' FROM Events
    WHERE AggregateType = 'Order' AND AggregateId = NEW.OrderId AND Version = NEW.Version;
  END;

  CREATE TRIGGER TR_Orders_Confirmed AFTER UPDATE OF Status ON Orders
  WHEN NEW.Status <> 'submitted' AND OLD.Status = 'submitted'
  BEGIN
    DELETE FROM UnconfirmedOrders WHERE OrderId = NEW.OrderId;
  END;
  `,
  // The newest events of the log, which admins list.
  'CREATE INDEX IX_Events_RecordedAt ON Events (RecordedAt, AggregateType, AggregateId, Version);',
  // True (1): the product can no longer be ordered.
  'ALTER TABLE Products ADD COLUMN Discontinued INTEGER NOT NULL DEFAULT 0;',
  // The webhook subscriptions of partners, each a JSON document with encrypted secrets. A URL has one subscription.
  `
  CREATE TABLE Webhooks (
    WebhookId TEXT NOT NULL,
    UrlHash TEXT NOT NULL,
    Document TEXT NOT NULL,
    Version INTEGER NOT NULL,
    CONSTRAINT PK_Webhooks PRIMARY KEY (WebhookId),
    CONSTRAINT UQ_Webhooks_UrlHash UNIQUE (UrlHash)
  ) STRICT;
  `,
  // A single row that the sync app advances every few seconds, which measures how far a replica is behind.
  `
  CREATE TABLE Heartbeat (
    HeartbeatId INTEGER NOT NULL,
    Beat INTEGER NOT NULL,
    BeatAt INTEGER NOT NULL,
    CONSTRAINT PK_Heartbeat PRIMARY KEY (HeartbeatId),
    CONSTRAINT CK_Heartbeat_SingleRow CHECK (HeartbeatId = 1)
  ) STRICT;

  INSERT INTO Heartbeat (HeartbeatId, Beat, BeatAt) VALUES (1, 0, unixepoch() * 1000);
  `,
  // The archive of the event log: events that were published long ago. EventLog is the whole log.
  // Bodies are not compressed here. Row ids ascend in both tables, so a long log can be counted by them.
  `
  CREATE TABLE EventArchive (
    EventId TEXT NOT NULL,
    AggregateType TEXT NOT NULL,
    AggregateId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    RecordedAt INTEGER NOT NULL,
    PublishedAt INTEGER NOT NULL,
    Body TEXT NOT NULL,
    CONSTRAINT PK_EventArchive PRIMARY KEY (AggregateType, AggregateId, Version)
  ) STRICT;

  CREATE INDEX IX_EventArchive_RecordedAt ON EventArchive (RecordedAt, AggregateType, AggregateId, Version);

  CREATE VIEW EventLog AS
    SELECT EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body FROM Events
    UNION ALL
    SELECT EventId, AggregateType, AggregateId, Version, RecordedAt, PublishedAt, Body FROM EventArchive;
  `,
];
