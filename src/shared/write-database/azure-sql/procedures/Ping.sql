/* Succeeds when the database responds and the app has permission to use it. */
CREATE OR ALTER PROCEDURE orders.Ping
AS
BEGIN
  SET NOCOUNT ON;

  SELECT 1 AS answer;
END;
