-- Each order as it is now, from its submission on.
SELECT
  o.order_id,
  o.customer_id,
  o.status,
  o.currency,
  o.total_amount,
  o.item_count,
  o.placed_at AS created_date,
  o.updated_at AS updated_date
FROM orders AS o
