-- One row per order, by its first purchase event: a thank-you page that is loaded again is no second order.
-- Filled in: analytics, home_currency.
WITH daily AS (
  SELECT DISTINCT d._TABLE_SUFFIX AS day
  FROM `${analytics}.events_*` AS d
  WHERE STARTS_WITH(d._TABLE_SUFFIX, '2')
),
events AS (
  SELECT
    TIMESTAMP_MICROS(e.event_timestamp) AS purchased_at,
    COALESCE(e.ecommerce.transaction_id, '') AS order_id,
    COALESCE(e.user_pseudo_id, '') AS visitor,
    e.ecommerce.purchase_revenue AS purchase_revenue,
    e.ecommerce.purchase_revenue_in_usd AS purchase_revenue_in_usd,
    (SELECT MAX(p.value.string_value) FROM UNNEST(e.event_params) AS p WHERE p.key = 'currency') AS currency
  FROM `${analytics}.events_*` AS e
  WHERE
    e.event_name = 'purchase'
    AND (
      STARTS_WITH(e._TABLE_SUFFIX, '2')
      OR (
        STARTS_WITH(e._TABLE_SUFFIX, 'intraday_')
        AND SUBSTR(e._TABLE_SUFFIX, 10) NOT IN (SELECT d.day FROM daily AS d)
      )
    )
),
orders AS (
  SELECT
    e.purchased_at AS purchased_at,
    IF(
      e.order_id IN ('', '(not set)'), CONCAT(e.visitor, '.', CAST(UNIX_MICROS(e.purchased_at) AS STRING)), e.order_id
    ) AS order_id,
    COALESCE(e.purchase_revenue, e.purchase_revenue_in_usd) AS revenue,
    IF(e.purchase_revenue IS NULL, 'USD', COALESCE(e.currency, '${home_currency}')) AS currency
  FROM events AS e
)
SELECT o.purchased_at AS purchased_at, o.order_id AS order_id, o.revenue AS revenue, o.currency AS currency
FROM orders AS o
QUALIFY ROW_NUMBER() OVER (PARTITION BY o.order_id ORDER BY o.purchased_at, o.revenue DESC) = 1
