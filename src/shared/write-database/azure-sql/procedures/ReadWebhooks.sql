/* All webhook subscriptions: there are few. */
CREATE OR ALTER PROCEDURE orders.ReadWebhooks
AS
BEGIN
  SET NOCOUNT ON;

  SELECT WebhookId AS webhookId, Document AS document, Version AS version FROM orders.Webhooks;
END;
GO

GRANT EXECUTE ON OBJECT::orders.ReadWebhooks TO order_sync;
