/*
  Part of CommitCommand: saves a customer's own columns. CreditUsed is not one of them, because orders change it. A request for an
  erasure is never withdrawn, so commits without erasureRequestedBy, such as those of version 0.1.0, do not change it. A local variable has
  the document: see CommitCommand.
*/
CREATE OR ALTER PROCEDURE orders.SaveCustomer
  @Customer nvarchar(max),
  @PreviousVersion int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @Document nvarchar(max) = @Customer;
  DECLARE @Row TABLE (
    CustomerId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    Name nvarchar(400) NOT NULL,
    Email nvarchar(400) NOT NULL,
    Phone nvarchar(400) NULL,
    Currency char(3) NOT NULL,
    CreditLimit bigint NOT NULL,
    ErasureRequestedBy nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
    Version int NOT NULL
  );

  INSERT INTO @Row (CustomerId, Name, Email, Phone, Currency, CreditLimit, ErasureRequestedBy, Version)
  SELECT c.CustomerId, c.Name, c.Email, c.Phone, c.Currency, c.CreditLimit, c.ErasureRequestedBy, c.Version
  FROM OPENJSON(@Document) WITH (
    CustomerId nvarchar(4000) '$.customerId',
    Name nvarchar(4000) '$.name',
    Email nvarchar(4000) '$.email',
    Phone nvarchar(4000) '$.phone',
    Currency nvarchar(4000) '$.currency',
    CreditLimit bigint '$.creditLimit',
    ErasureRequestedBy nvarchar(4000) '$.erasureRequestedBy',
    Version int '$.version'
  ) AS c;

  IF @PreviousVersion = 0
    INSERT INTO orders.Customers (CustomerId, Name, Email, Phone, Currency, CreditLimit, Version)
    SELECT CustomerId, Name, Email, Phone, Currency, CreditLimit, Version FROM @Row;
  ELSE
  BEGIN
    UPDATE stored
    SET
      Name = r.Name,
      Email = r.Email,
      Phone = r.Phone,
      Currency = r.Currency,
      CreditLimit = r.CreditLimit,
      Version = r.Version
    FROM orders.Customers AS stored
    INNER JOIN @Row AS r ON r.CustomerId = stored.CustomerId
    WHERE stored.Version = @PreviousVersion;

    IF @@ROWCOUNT <> 1 THROW 51001, N'The customer does not have the version that the command was decided on.', 1;
  END;

  INSERT INTO orders.ErasureRequests (CustomerId, RequestedBy)
  SELECT r.CustomerId, r.ErasureRequestedBy
  FROM @Row AS r
  WHERE
    r.ErasureRequestedBy IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM orders.ErasureRequests AS e WHERE e.CustomerId = r.CustomerId);
END;
