/* Part of CommitCommand: adds the delta to what the customer's orders hold of the credit. */
CREATE OR ALTER PROCEDURE orders.MoveCredit
  @Credit nvarchar(max)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  DECLARE @CustomerId nvarchar(4000) = JSON_VALUE(@Credit, N'$.customerId');
  DECLARE @Delta bigint = JSON_VALUE(@Credit, N'$.delta');

  UPDATE orders.Customers
  SET CreditUsed = CreditUsed + @Delta
  WHERE CustomerId = @CustomerId;

  IF @@ROWCOUNT <> 1 THROW 51003, N'A commit moves the credit of a customer that does not exist.', 1;
END;
