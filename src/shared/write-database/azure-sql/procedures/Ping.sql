/* Answers when the database does and the app may use it. */
CREATE OR ALTER PROCEDURE orders.Ping
AS
BEGIN
  SET NOCOUNT ON;

  SELECT 1 AS answer;
END;
