/*
  The webhook subscriptions of partners, each a JSON document. Its secrets are encrypted. Nothing else has them, so they are kept
  here and not with the read models, which can be rebuilt. A URL has one subscription: the hash stands for it in the index, which
  takes no text of that length.
*/
CREATE TABLE orders.Webhooks (
  WebhookId nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  UrlHash nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Document nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
  Version int NOT NULL,
  CONSTRAINT PK_Webhooks PRIMARY KEY (WebhookId),
  CONSTRAINT UQ_Webhooks_UrlHash UNIQUE (UrlHash)
);
