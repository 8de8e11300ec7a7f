-- Orders and their total by status and currency.
SELECT
  o.status,
  o.currency,
  COUNT(*) AS orders,
  SUM(o.total_amount) AS total
FROM orders AS o
GROUP BY o.status, o.currency
