/* So that counting a customer's open drafts reads those alone. */
CREATE INDEX IX_Orders_OpenDrafts ON orders.Orders (CustomerId) INCLUDE (OrderStatus) WHERE OrderStatus = N'draft';
