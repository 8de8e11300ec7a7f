-- Every event of an order once, as a row, with the order as it was after the event. Needs the view captured_events.
-- An event may be captured twice: its eventId tells. Amounts are in minor units of the currency (2999 is 29.99 USD).
CREATE OR REPLACE TEMPORARY VIEW order_events AS
SELECT
  get_json_object(body, '$.eventId') AS event_id,
  get_json_object(body, '$.eventType') AS event_type,
  get_json_object(body, '$.aggregateId') AS order_id,
  CAST(get_json_object(body, '$.version') AS BIGINT) AS version,
  to_timestamp(get_json_object(body, '$.timestamp')) AS occurred_at,
  get_json_object(body, '$.order.customerId') AS customer_id,
  get_json_object(body, '$.order.status') AS status,
  -- Events from before orders had a currency are in USD.
  COALESCE(get_json_object(body, '$.order.currency'), 'USD') AS currency,
  -- DECIMAL, because a sum of BIGINT would overflow after 9,223 orders of the largest total, 10^15.
  CAST(get_json_object(body, '$.order.total') AS DECIMAL(19, 0)) AS total,
  -- The day in UTC: cut from the text, since a timestamp's day would be that of the session's time zone.
  to_date(substring(get_json_object(body, '$.order.placedAt'), 1, 10)) AS placed_on,
  to_timestamp(get_json_object(body, '$.order.placedAt')) AS placed_at,
  to_timestamp(get_json_object(body, '$.order.confirmedAt')) AS confirmed_at,
  to_timestamp(get_json_object(body, '$.order.tracking.shippedAt')) AS shipped_at,
  to_timestamp(get_json_object(body, '$.order.tracking.deliveredAt')) AS delivered_at
FROM (
  SELECT
    body,
    ROW_NUMBER() OVER (PARTITION BY get_json_object(body, '$.eventId') ORDER BY enqueued_at) AS copy
  FROM captured_events
  WHERE get_json_object(body, '$.aggregateType') = 'Order'
) AS copies
WHERE copy = 1;
