-- Sales per UTC day and currency: every submitted order counts on its day for good.
SELECT
  o.placed_on AS order_date,
  o.currency,
  COUNT(*) AS order_count,
  SUM(o.total_amount) AS total_revenue,
  SUM(o.total_amount) / COUNT(*) AS avg_order_value,
  COUNT(DISTINCT o.customer_id) AS unique_customers
FROM orders AS o
GROUP BY o.placed_on, o.currency
