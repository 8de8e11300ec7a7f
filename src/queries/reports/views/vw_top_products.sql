-- What the products have brought in, per currency, without cancelled and refunded orders. The name is the product's newest one.
SELECT
  ROW_NUMBER() OVER (PARTITION BY i.currency ORDER BY SUM(i.line_total) DESC, i.product_id) AS revenue_rank,
  i.product_id,
  MAX(COALESCE(p.product_name, i.product_name)) AS product_name,
  i.currency,
  COUNT(DISTINCT i.order_id) AS order_count,
  SUM(CAST(i.quantity AS bigint)) AS units_sold,
  SUM(i.line_total) AS total_revenue
FROM order_items AS i
JOIN orders AS o ON o.order_id = i.order_id
LEFT JOIN products AS p ON p.product_id = i.product_id
WHERE o.status NOT IN ('cancelled', 'refunded')
GROUP BY i.product_id, i.currency
