-- Orders that were confirmed, and are not shipped although two days are over.
SELECT
  o.order_id,
  o.currency,
  o.total_amount,
  o.item_count,
  o.placed_at,
  o.confirmed_at,
  o.ship_by
FROM orders AS o
WHERE o.status = 'confirmed' AND o.ship_by < CURRENT_TIMESTAMP
