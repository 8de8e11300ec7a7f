/* So that counting the events since a time reads those alone, and no bodies. */
CREATE INDEX IX_Events_RecordedAt ON orders.Events (RecordedAt);
