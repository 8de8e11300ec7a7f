-- One row per order: what it is now, that is, after its event with the highest version. Needs the view order_events.
CREATE OR REPLACE TEMPORARY VIEW order_summary AS
SELECT
  order_id,
  customer_id,
  status,
  currency,
  total,
  placed_on,
  placed_at,
  confirmed_at,
  shipped_at,
  delivered_at,
  version,
  occurred_at AS last_changed_at
FROM (
  SELECT order_events.*, ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY version DESC) AS age
  FROM order_events
) AS versions
WHERE age = 1;
