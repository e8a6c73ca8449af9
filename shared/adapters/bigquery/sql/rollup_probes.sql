-- @since TIMESTAMP, @until TIMESTAMP
-- Our own uptime probes -> uptime and probe_response_time (ms, of the answers that were right), by target.
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  seen AS (
    SELECT
      TIMESTAMP_TRUNC(p.probed_at, MINUTE) AS minute, CONCAT('target=', p.target) AS dimensions,
      p.ok AS ok, p.latency_ms AS latency_ms
    FROM soukmon.probes AS p
    WHERE p.probed_at >= TIMESTAMP_TRUNC(@since, MINUTE) AND p.probed_at < @until
  ),
  measured AS (
    SELECT
      'uptime' AS metric, s.minute AS minute, s.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, NOT s.ok AS bad, NOT s.ok AS bad_client
    FROM seen AS s
    UNION ALL
    SELECT
      'probe_response_time' AS metric, s.minute AS minute, s.dimensions AS dimensions,
      s.latency_ms AS amount, TRUE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM seen AS s
    WHERE s.ok AND s.latency_ms IS NOT NULL
    UNION ALL
    SELECT
      'rows.probes' AS metric, s.minute AS minute, '' AS dimensions,
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
  VALUES (s.metric, s.minute, s.dimensions, 'probes', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'probes' AND t.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND t.minute < @until
  THEN DELETE
