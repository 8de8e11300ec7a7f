/* An aggregate's events up to a version (null: all), in version order. */
CREATE OR ALTER PROCEDURE orders.ReadEvents
  @AggregateType nvarchar(16),
  @AggregateId nvarchar(4000),
  @UpToVersion bigint
AS
BEGIN
  SET NOCOUNT ON;

  SELECT Body AS body
  FROM orders.Events
  WHERE AggregateType = @AggregateType AND AggregateId = @AggregateId AND Version <= COALESCE(@UpToVersion, Version)
  ORDER BY Version;
END;
