-- GA4 events with the parameters we use as columns. Each day of the property counts once: from its intraday table until
-- the daily one is there. Days are the property's own; filter on table_suffix ('20260102', 'intraday_20260102') to read
-- few tables, and on event_at for the time. Filled in: analytics, home_country, home_currency.
WITH daily AS (
  SELECT DISTINCT d._TABLE_SUFFIX AS day
  FROM `${analytics}.events_*` AS d
  WHERE STARTS_WITH(d._TABLE_SUFFIX, '2')
),
events AS (
  SELECT
    e._TABLE_SUFFIX AS table_suffix,
    TIMESTAMP_MICROS(e.event_timestamp) AS event_at,
    e.event_name AS event_name,
    e.event_bundle_sequence_id AS bundle,
    e.batch_event_index AS place_in_batch,
    e.user_pseudo_id AS visitor,
    e.platform AS platform,
    e.geo.country AS country,
    REGEXP_REPLACE(e.geo.region, r'[,=]', ' ') AS region,
    COALESCE(e.ecommerce.transaction_id, '') AS order_id,
    e.ecommerce.purchase_revenue AS purchase_revenue,
    e.ecommerce.purchase_revenue_in_usd AS purchase_revenue_in_usd,
    (SELECT MAX(p.value.int_value) FROM UNNEST(e.event_params) AS p WHERE p.key = 'ga_session_id') AS session,
    (
      SELECT MAX(COALESCE(p.value.string_value, CAST(p.value.int_value AS STRING)))
      FROM UNNEST(e.event_params) AS p WHERE p.key = 'session_engaged'
    ) AS session_engaged,
    (
      SELECT MAX(COALESCE(p.value.double_value, p.value.float_value, CAST(p.value.int_value AS FLOAT64)))
      FROM UNNEST(e.event_params) AS p WHERE p.key = 'engagement_time_msec'
    ) AS engagement_ms,
    (
      SELECT MAX(COALESCE(p.value.double_value, p.value.float_value, CAST(p.value.int_value AS FLOAT64)))
      FROM UNNEST(e.event_params) AS p WHERE p.key = 'metric_value'
    ) AS metric_value,
    (SELECT MAX(p.value.string_value) FROM UNNEST(e.event_params) AS p WHERE p.key = 'metric_id') AS metric_id,
    (SELECT MAX(p.value.string_value) FROM UNNEST(e.event_params) AS p WHERE p.key = 'currency') AS currency
  FROM `${analytics}.events_*` AS e
  WHERE
    STARTS_WITH(e._TABLE_SUFFIX, '2')
    OR (
      STARTS_WITH(e._TABLE_SUFFIX, 'intraday_')
      AND SUBSTR(e._TABLE_SUFFIX, 10) NOT IN (SELECT d.day FROM daily AS d)
    )
)
SELECT
  e.table_suffix AS table_suffix,
  e.event_at AS event_at,
  e.event_name AS event_name,
  e.bundle AS bundle,
  e.place_in_batch AS place_in_batch,
  e.visitor AS visitor,
  CONCAT(e.visitor, '.', CAST(e.session AS STRING)) AS session,
  e.session_engaged = '1' AS session_engaged,
  e.platform AS platform,
  CASE
    WHEN COALESCE(e.country, '') = '' THEN 'unknown'
    WHEN e.country != '${home_country}' THEN 'abroad'
    WHEN COALESCE(e.region, '') = '' THEN 'unknown'
    ELSE e.region
  END AS region,
  e.engagement_ms AS engagement_ms,
  e.metric_id AS metric_id,
  e.metric_value AS metric_value,
  CASE
    WHEN e.event_name != 'purchase' THEN NULL
    WHEN e.order_id IN ('', '(not set)') THEN CONCAT(COALESCE(e.visitor, ''), '.', CAST(UNIX_MICROS(e.event_at) AS STRING))
    ELSE e.order_id
  END AS order_id,
  COALESCE(e.purchase_revenue, e.purchase_revenue_in_usd) AS revenue,
  IF(e.purchase_revenue IS NULL, 'USD', COALESCE(e.currency, '${home_currency}')) AS currency,
  e.purchase_revenue IS NOT NULL AND COALESCE(e.currency, '${home_currency}') = '${home_currency}' AS in_home_currency
FROM events AS e
