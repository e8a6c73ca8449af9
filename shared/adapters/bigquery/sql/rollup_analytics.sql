-- @since TIMESTAMP, @until TIMESTAMP
-- GA4 -> page timings (ms; the last value of each metric_id), sessions, new_users, order_volume, revenue and leads (by
-- region), daily_active_users (each visitor once a Cairo day, at the first event), conversion_rate (sessions that began a
-- checkout, at that minute; bad: without a purchase) and session_duration (seconds of engagement, at the session's end).
-- The last two need half an hour to be known: they are made for the span shifted back by 30 minutes, so that spans which
-- follow each other leave no gap. Reading begins at the Cairo day of @since and at least 6 hours earlier (sessions that
-- are under way) and ends an hour after @until, by whole daily tables; orders are told apart over three days.
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  raw AS (
    SELECT
      e.table_suffix AS table_suffix, e.event_at AS event_at, TIMESTAMP_TRUNC(e.event_at, MINUTE) AS minute,
      e.event_name AS event_name, e.bundle AS bundle, e.place_in_batch AS place_in_batch,
      e.visitor AS visitor, e.session AS session, CONCAT('region=', e.region) AS dimensions,
      e.engagement_ms AS engagement_ms, e.metric_id AS metric_id, e.metric_value AS metric_value,
      e.order_id AS order_id, e.revenue AS revenue, e.currency AS currency, e.in_home_currency AS in_home_currency
    FROM soukmon.analytics_events AS e
    WHERE
      (
        e.table_suffix BETWEEN
          FORMAT_DATE('%Y%m%d', DATE(TIMESTAMP_SUB(@since, INTERVAL 390 MINUTE), 'Africa/Cairo'))
          AND FORMAT_DATE('%Y%m%d', DATE(TIMESTAMP_ADD(@until, INTERVAL 1 HOUR), 'Africa/Cairo'))
        OR e.table_suffix BETWEEN
          FORMAT_DATE('intraday_%Y%m%d', DATE(TIMESTAMP_SUB(@since, INTERVAL 390 MINUTE), 'Africa/Cairo'))
          AND FORMAT_DATE('intraday_%Y%m%d', DATE(TIMESTAMP_ADD(@until, INTERVAL 1 HOUR), 'Africa/Cairo'))
      )
      AND e.event_at < TIMESTAMP_ADD(@until, INTERVAL 1 HOUR)
  ),
  events AS (
    SELECT
      r.event_at AS event_at, r.minute AS minute, r.event_name AS event_name, r.visitor AS visitor,
      r.session AS session, r.dimensions AS dimensions, r.engagement_ms AS engagement_ms,
      COALESCE(r.metric_id, CONCAT(COALESCE(r.visitor, ''), '.', CAST(UNIX_MICROS(r.event_at) AS STRING))) AS metric_id,
      r.metric_value AS metric_value,
      r.order_id AS order_id, r.revenue AS revenue, r.currency AS currency, r.in_home_currency AS in_home_currency
    FROM raw AS r
    QUALIFY
      ROW_NUMBER() OVER (
        PARTITION BY
          r.visitor, r.event_at, r.event_name, r.bundle, r.place_in_batch, r.session, r.metric_id, r.order_id,
          r.engagement_ms, r.metric_value
        ORDER BY r.table_suffix
      ) = 1
  ),
  ordered_before AS (
    SELECT DISTINCT e.order_id AS order_id
    FROM soukmon.analytics_events AS e
    WHERE
      e.event_name = 'purchase'
      AND (
        e.table_suffix BETWEEN
          FORMAT_DATE('%Y%m%d', DATE(TIMESTAMP_SUB(@since, INTERVAL 72 HOUR), 'Africa/Cairo'))
          AND FORMAT_DATE('%Y%m%d', DATE(@since, 'Africa/Cairo'))
        OR e.table_suffix BETWEEN
          FORMAT_DATE('intraday_%Y%m%d', DATE(TIMESTAMP_SUB(@since, INTERVAL 72 HOUR), 'Africa/Cairo'))
          AND FORMAT_DATE('intraday_%Y%m%d', DATE(@since, 'Africa/Cairo'))
      )
      AND e.event_at >= TIMESTAMP_SUB(@since, INTERVAL 72 HOUR)
      AND e.event_at < TIMESTAMP_TRUNC(@since, MINUTE)
  ),
  orders AS (
    SELECT
      e.minute AS minute, e.dimensions AS dimensions, e.revenue AS revenue,
      IF(e.in_home_currency, 'revenue', CONCAT('revenue_', LOWER(e.currency))) AS revenue_metric
    FROM events AS e
    LEFT JOIN ordered_before AS b ON b.order_id = e.order_id
    WHERE e.event_name = 'purchase' AND b.order_id IS NULL AND e.event_at >= TIMESTAMP_TRUNC(@since, MINUTE)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY e.order_id ORDER BY e.event_at, e.revenue DESC) = 1
  ),
  sessions AS (
    SELECT
      e.session AS session, MIN(e.dimensions) AS dimensions, MIN(e.event_at) AS began_at, MAX(e.event_at) AS ended_at,
      COALESCE(SUM(e.engagement_ms), 0.0) / 1000 AS engaged_s,
      MIN(IF(e.event_name = 'begin_checkout', e.event_at, NULL)) AS checkout_at,
      MAX(IF(e.event_name = 'purchase', e.event_at, NULL)) AS purchase_at
    FROM events AS e
    WHERE e.session IS NOT NULL
    GROUP BY e.session
  ),
  arrivals AS (
    SELECT e.event_at AS event_at, e.dimensions AS dimensions
    FROM events AS e
    WHERE e.event_name IN ('first_visit', 'first_open')
    QUALIFY ROW_NUMBER() OVER (PARTITION BY e.visitor ORDER BY e.event_at) = 1
  ),
  active AS (
    SELECT e.visitor AS visitor, DATE(e.event_at, 'Africa/Cairo') AS day, MIN(e.event_at) AS seen_at
    FROM events AS e
    WHERE e.visitor IS NOT NULL
    GROUP BY e.visitor, DATE(e.event_at, 'Africa/Cairo')
  ),
  timings AS (
    SELECT
      CASE e.event_name
        WHEN 'FCP' THEN 'first_contentful_paint'
        WHEN 'LCP' THEN 'largest_contentful_paint'
        WHEN 'INP' THEN 'interaction_to_next_paint'
        WHEN 'CLS' THEN 'cumulative_layout_shift'
        ELSE 'time_to_first_byte'
      END AS metric,
      e.minute AS minute, e.metric_value AS metric_value
    FROM events AS e
    WHERE e.event_name IN ('FCP', 'LCP', 'INP', 'CLS', 'TTFB') AND e.metric_value IS NOT NULL
    QUALIFY
      ROW_NUMBER() OVER (PARTITION BY e.event_name, e.metric_id ORDER BY e.event_at DESC, e.metric_value DESC) = 1
  ),
  measured AS (
    SELECT
      p.metric AS metric, p.minute AS minute, '' AS dimensions,
      p.metric_value AS amount, TRUE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM timings AS p
    UNION ALL
    SELECT
      'sessions' AS metric, TIMESTAMP_TRUNC(s.began_at, MINUTE) AS minute, s.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM sessions AS s
    UNION ALL
    SELECT
      'session_duration' AS metric, TIMESTAMP_TRUNC(s.ended_at, MINUTE) AS minute, '' AS dimensions,
      s.engaged_s AS amount, TRUE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM sessions AS s
    UNION ALL
    SELECT
      'conversion_rate' AS metric, TIMESTAMP_TRUNC(s.checkout_at, MINUTE) AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value,
      COALESCE(s.purchase_at < s.checkout_at, TRUE) AS bad, COALESCE(s.purchase_at < s.checkout_at, TRUE) AS bad_client
    FROM sessions AS s
    WHERE s.checkout_at IS NOT NULL
    UNION ALL
    SELECT
      'new_users' AS metric, TIMESTAMP_TRUNC(a.event_at, MINUTE) AS minute, a.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM arrivals AS a
    UNION ALL
    SELECT
      'daily_active_users' AS metric, TIMESTAMP_TRUNC(a.seen_at, MINUTE) AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM active AS a
    UNION ALL
    SELECT
      'order_volume' AS metric, o.minute AS minute, o.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM orders AS o
    UNION ALL
    SELECT
      o.revenue_metric AS metric, o.minute AS minute, o.dimensions AS dimensions,
      o.revenue AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM orders AS o
    WHERE o.revenue IS NOT NULL
    UNION ALL
    SELECT
      'leads' AS metric, e.minute AS minute, e.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM events AS e
    WHERE e.event_name = 'generate_lead'
    UNION ALL
    SELECT
      'rows.analytics' AS metric, r.minute AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM raw AS r
  ),
  wanted AS (
    SELECT
      m.metric AS metric, m.minute AS minute, m.dimensions AS dimensions,
      m.amount AS amount, m.is_value AS is_value, m.bad AS bad, m.bad_client AS bad_client
    FROM measured AS m
    WHERE
      IF(
        m.metric IN ('conversion_rate', 'session_duration'),
        m.minute >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(@since, MINUTE), INTERVAL 30 MINUTE)
        AND m.minute < TIMESTAMP_SUB(@until, INTERVAL 30 MINUTE),
        m.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND m.minute < @until
      )
  ),
  histograms AS (
    SELECT
      c.metric AS metric, c.minute AS minute, c.dimensions AS dimensions,
      ARRAY_AGG(STRUCT(c.i AS i, c.n AS n) ORDER BY c.i) AS buckets
    FROM (
      SELECT
        w.metric AS metric, w.minute AS minute, w.dimensions AS dimensions,
        IF(w.amount > 0, CAST(CEIL(LN(w.amount) / LN(1.01 / 0.99)) AS INT64), -1000000) AS i,
        COUNT(*) AS n
      FROM wanted AS w
      WHERE w.is_value AND w.amount IS NOT NULL
      GROUP BY metric, minute, dimensions, i
    ) AS c
    GROUP BY c.metric, c.minute, c.dimensions
  ),
  sums AS (
    SELECT
      w.metric AS metric, w.minute AS minute, w.dimensions AS dimensions,
      COUNT(*) AS count, COALESCE(SUM(w.amount), 0.0) AS sum,
      COUNTIF(w.bad) AS bad, COUNTIF(w.bad_client) AS bad_clients
    FROM wanted AS w
    GROUP BY w.metric, w.minute, w.dimensions
  )
  SELECT
    s.metric AS metric, s.minute AS minute, s.dimensions AS dimensions,
    s.count AS count, s.sum AS sum, s.bad AS bad, s.bad_clients AS bad_clients, h.buckets AS buckets
  FROM sums AS s
  LEFT JOIN histograms AS h ON h.metric = s.metric AND h.minute = s.minute AND h.dimensions = s.dimensions
) AS s
ON FALSE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (metric, minute, dimensions, source, count, sum, bad, bad_clients, buckets)
  VALUES (s.metric, s.minute, s.dimensions, 'analytics', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'analytics' AND t.minute >= TIMESTAMP_SUB(TIMESTAMP_TRUNC(@since, MINUTE), INTERVAL 30 MINUTE) AND t.minute < @until
  AND IF(
    t.metric IN ('conversion_rate', 'session_duration'),
    t.minute < TIMESTAMP_SUB(@until, INTERVAL 30 MINUTE), t.minute >= TIMESTAMP_TRUNC(@since, MINUTE)
  )
  THEN DELETE
