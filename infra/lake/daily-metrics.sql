-- Sales per UTC day and currency, as GET /api/analytics/daily counts them: every submitted order counts on its day for good, and
-- what was cancelled or refunded since is summed up beside. Needs the view order_summary.
CREATE OR REPLACE TEMPORARY VIEW daily_metrics AS
SELECT
  placed_on AS day,
  currency,
  COUNT(*) AS orders,
  COUNT(DISTINCT customer_id) AS unique_customers,
  SUM(total) AS revenue,
  SUM(CASE WHEN status = 'cancelled' THEN total ELSE 0 END) AS cancelled,
  SUM(CASE WHEN status = 'refunded' THEN total ELSE 0 END) AS refunded,
  SUM(CASE WHEN status IN ('cancelled', 'refunded') THEN 0 ELSE total END) AS net_revenue,
  COUNT(shipped_at) AS shipped_orders,
  COUNT(delivered_at) AS delivered_orders
FROM order_summary
WHERE placed_on IS NOT NULL
GROUP BY placed_on, currency;
