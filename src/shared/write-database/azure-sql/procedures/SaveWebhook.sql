/*
  Stores a webhook subscription: a new one if @ExpectedVersion is 0, else in place of that version. Returns the number of stored
  rows: 0 if the version is another one by now, or if the URL has a subscription already.
*/
CREATE OR ALTER PROCEDURE orders.SaveWebhook
  @WebhookId nvarchar(64),
  @UrlHash nvarchar(64),
  @Document nvarchar(max),
  @ExpectedVersion int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;

  IF @ExpectedVersion = 0
    /* The range stays locked, so that of two first requests with the same URL one inserts nothing. */
    INSERT INTO orders.Webhooks (WebhookId, UrlHash, Document, Version)
    SELECT @WebhookId, @UrlHash, @Document, 1
    WHERE NOT EXISTS (SELECT 1 FROM orders.Webhooks WITH (UPDLOCK, SERIALIZABLE) WHERE UrlHash = @UrlHash);
  ELSE
    UPDATE orders.Webhooks
    SET Document = @Document, Version = Version + 1
    WHERE WebhookId = @WebhookId AND Version = @ExpectedVersion;

  SELECT @@ROWCOUNT AS saved;
END;
GO

GRANT EXECUTE ON OBJECT::orders.SaveWebhook TO order_sync;
