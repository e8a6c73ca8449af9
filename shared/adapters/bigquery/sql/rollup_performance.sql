-- @since TIMESTAMP, @until TIMESTAMP
-- Performance Monitoring of the mobile app -> network_request_time (ms; bad: the server's fault) and app_start_time (ms).
-- The export takes a day or two: run it over the last three days, it is nothing to alert from within minutes.
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  requested AS (
    SELECT TIMESTAMP_TRUNC(n.requested_at, MINUTE) AS minute, n.latency_ms AS latency_ms, n.status AS status
    FROM soukmon.network_requests AS n
    WHERE n.requested_at >= TIMESTAMP_TRUNC(@since, MINUTE) AND n.requested_at < @until
  ),
  traced AS (
    SELECT TIMESTAMP_TRUNC(a.began_at, MINUTE) AS minute, a.trace AS trace, a.duration_ms AS duration_ms
    FROM soukmon.app_traces AS a
    WHERE a.began_at >= TIMESTAMP_TRUNC(@since, MINUTE) AND a.began_at < @until
  ),
  measured AS (
    SELECT
      'network_request_time' AS metric, r.minute AS minute, '' AS dimensions, r.latency_ms AS amount, TRUE AS is_value,
      COALESCE(r.status >= 500, FALSE) AS bad, COALESCE(r.status >= 500, FALSE) AS bad_client
    FROM requested AS r
    WHERE r.latency_ms IS NOT NULL
    UNION ALL
    SELECT
      'app_start_time' AS metric, a.minute AS minute, '' AS dimensions,
      a.duration_ms AS amount, TRUE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM traced AS a
    WHERE a.trace = '_app_start' AND a.duration_ms IS NOT NULL
    UNION ALL
    SELECT
      'rows.performance' AS metric, r.minute AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM requested AS r
    UNION ALL
    SELECT
      'rows.performance' AS metric, a.minute AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM traced AS a
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
  VALUES (s.metric, s.minute, s.dimensions, 'performance', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'performance' AND t.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND t.minute < @until
  THEN DELETE
