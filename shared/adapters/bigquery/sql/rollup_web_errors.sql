-- @since TIMESTAMP, @until TIMESTAMP
-- Web app errors -> web_errors (count of errors; bad_clients: once per installation and quarter of an hour, which is why
-- reading begins with the quarter that @since lies in).
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  seen AS (
    SELECT
      w.failed_at AS failed_at,
      TIMESTAMP_TRUNC(w.failed_at, MINUTE) AS minute,
      UNIX_SECONDS(w.failed_at) - MOD(UNIX_SECONDS(w.failed_at), 900) AS quarter,
      w.insert_id AS insert_id, COALESCE(w.installation, w.insert_id) AS client, w.is_error AS is_error
    FROM soukmon.web_errors AS w
    WHERE
      w.failed_at >= TIMESTAMP_SECONDS(UNIX_SECONDS(@since) - MOD(UNIX_SECONDS(@since), 900))
      AND w.failed_at < @until
  ),
  measured AS (
    SELECT
      'web_errors' AS metric, s.minute AS minute, '' AS dimensions, 0.0 AS amount, FALSE AS is_value, TRUE AS bad,
      ROW_NUMBER() OVER (PARTITION BY s.client, s.quarter ORDER BY s.failed_at, s.insert_id) = 1 AS bad_client
    FROM seen AS s
    WHERE s.is_error
    UNION ALL
    SELECT
      'rows.web_errors' AS metric, s.minute AS minute, '' AS dimensions,
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
  VALUES (s.metric, s.minute, s.dimensions, 'web_errors', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'web_errors' AND t.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND t.minute < @until
  THEN DELETE
