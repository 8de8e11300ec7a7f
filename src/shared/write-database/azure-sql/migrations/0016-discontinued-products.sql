/* The products that can no longer be ordered. */
CREATE TABLE orders.DiscontinuedProducts (
  ProductId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  CONSTRAINT PK_DiscontinuedProducts PRIMARY KEY (ProductId),
  CONSTRAINT FK_DiscontinuedProducts_Products FOREIGN KEY (ProductId) REFERENCES orders.Products (ProductId)
);
