-- What the customers have spent, per currency. Cancelled and refunded orders count as orders, but not as revenue.
SELECT
  ROW_NUMBER() OVER (
    PARTITION BY o.currency
    ORDER BY SUM(CASE WHEN o.status IN ('cancelled', 'refunded') THEN 0 ELSE o.total_amount END) DESC, o.customer_id
  ) AS revenue_rank,
  o.customer_id,
  o.currency,
  COUNT(*) AS order_count,
  SUM(CASE WHEN o.status IN ('cancelled', 'refunded') THEN 0 ELSE o.total_amount END) AS total_revenue,
  MIN(o.placed_at) AS first_order_at,
  MAX(o.placed_at) AS last_order_at
FROM orders AS o
GROUP BY o.customer_id, o.currency
