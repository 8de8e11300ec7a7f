/* Deletes a webhook subscription. Returns the number of deleted rows. */
CREATE OR ALTER PROCEDURE orders.DeleteWebhook
  @WebhookId nvarchar(64)
AS
BEGIN
  SET NOCOUNT ON;

  DELETE FROM orders.Webhooks WHERE WebhookId = @WebhookId;

  SELECT @@ROWCOUNT AS deleted;
END;
GO

GRANT EXECUTE ON OBJECT::orders.DeleteWebhook TO order_sync;
