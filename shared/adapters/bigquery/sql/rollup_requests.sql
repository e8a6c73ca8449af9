-- @since TIMESTAMP, @until TIMESTAMP
-- Request log -> error_rate, order_failure_rate, api_response_time (ms), by service. Uptime checks show that the log
-- flows (rows.requests) and count in nothing else. Reading begins with the quarter of an hour that @since lies in: an
-- error of a client counts once in a quarter for bad_clients, at its first minute.
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  seen AS (
    SELECT
      r.requested_at AS requested_at,
      TIMESTAMP_TRUNC(r.requested_at, MINUTE) AS minute,
      UNIX_SECONDS(r.requested_at) - MOD(UNIX_SECONDS(r.requested_at), 900) AS quarter,
      r.insert_id AS insert_id,
      CONCAT('service=', REGEXP_REPLACE(r.service, r'[,=]', ' ')) AS dimensions,
      COALESCE(r.client, r.insert_id) AS client,
      r.latency_ms AS latency_ms,
      r.is_probe AS is_probe, r.is_api AS is_api, r.is_order AS is_order,
      r.failed AS failed, r.order_failed AS order_failed
    FROM soukmon.requests AS r
    WHERE
      r.requested_at >= TIMESTAMP_SECONDS(UNIX_SECONDS(@since) - MOD(UNIX_SECONDS(@since), 900))
      AND r.requested_at < @until
  ),
  judged AS (
    SELECT
      'error_rate' AS metric, s.requested_at AS requested_at, s.minute AS minute, s.quarter AS quarter,
      s.insert_id AS insert_id, s.dimensions AS dimensions, s.client AS client, s.failed AS bad
    FROM seen AS s
    WHERE NOT s.is_probe
    UNION ALL
    SELECT
      'order_failure_rate' AS metric, s.requested_at AS requested_at, s.minute AS minute, s.quarter AS quarter,
      s.insert_id AS insert_id, s.dimensions AS dimensions, s.client AS client, s.order_failed AS bad
    FROM seen AS s
    WHERE s.is_order AND NOT s.is_probe
  ),
  measured AS (
    SELECT
      j.metric AS metric, j.minute AS minute, j.dimensions AS dimensions, 0.0 AS amount, FALSE AS is_value, j.bad AS bad,
      j.bad
      AND ROW_NUMBER() OVER (
        PARTITION BY j.metric, j.bad, j.client, j.quarter ORDER BY j.requested_at, j.insert_id
      ) = 1 AS bad_client
    FROM judged AS j
    UNION ALL
    SELECT
      'api_response_time' AS metric, s.minute AS minute, s.dimensions AS dimensions,
      s.latency_ms AS amount, TRUE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM seen AS s
    WHERE s.is_api AND NOT s.is_probe AND s.latency_ms IS NOT NULL
    UNION ALL
    SELECT
      'rows.requests' AS metric, s.minute AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM seen AS s
  ),
  wanted AS (
    SELECT
      m.metric AS metric, m.minute AS minute, m.dimensions AS dimensions,
      m.amount AS amount, m.is_value AS is_value, m.bad AS bad, m.bad_client AS bad_client
    FROM measured AS m
    WHERE m.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND m.minute < @until
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
  VALUES (s.metric, s.minute, s.dimensions, 'requests', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'requests' AND t.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND t.minute < @until
  THEN DELETE
