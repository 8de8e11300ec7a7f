/*
  The highest line that an order ever had, so that no line is given twice. An order has a row only once a line above all of its
  present lines was removed.
*/
CREATE TABLE orders.LastLines (
  OrderId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  LastLine int NOT NULL,
  CONSTRAINT PK_LastLines PRIMARY KEY (OrderId),
  CONSTRAINT FK_LastLines_Orders FOREIGN KEY (OrderId) REFERENCES orders.Orders (OrderId)
);
