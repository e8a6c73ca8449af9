-- @since TIMESTAMP, @until TIMESTAMP
-- Crashlytics and app sessions -> crash_free_sessions (bad: a fatal crash, counted in the minute the session began),
-- crash_free_users (each instance once a Cairo day, in the minute of its first session; bad: any of that day's sessions
-- crashed) and crashes (bad: fatal), by platform. A crash changes a minute that is past: run it over at least a day.
-- Sessions of the whole Cairo days are read, and crashes up to a day after their session began.
-- The points of the span are replaced as a whole (ON FALSE: insert all that is, delete all that was), so that running it
-- again changes nothing and rows that came late change their own minute.
MERGE INTO soukmon.metric_points AS t
USING (
  WITH
  sessions AS (
    SELECT
      s.started_at AS started_at, s.session AS session, CONCAT('platform=', s.platform) AS dimensions,
      s.instance AS instance, DATE(s.started_at, 'Africa/Cairo') AS day
    FROM soukmon.app_sessions AS s
    WHERE
      s.started_at >= TIMESTAMP_TRUNC(@since, DAY, 'Africa/Cairo')
      AND s.started_at < TIMESTAMP_ADD(@until, INTERVAL 25 HOUR)
  ),
  crashes AS (
    SELECT
      c.crashed_at AS crashed_at, c.session AS session, CONCAT('platform=', c.platform) AS dimensions,
      c.error_type = 'FATAL' AS is_fatal
    FROM soukmon.crashes AS c
    WHERE
      c.crashed_at >= TIMESTAMP_TRUNC(@since, DAY, 'Africa/Cairo')
      AND c.crashed_at < TIMESTAMP_ADD(@until, INTERVAL 49 HOUR)
  ),
  fatal AS (
    SELECT c.session AS session, MIN(c.crashed_at) AS crashed_at
    FROM crashes AS c
    WHERE c.is_fatal AND c.session IS NOT NULL
    GROUP BY c.session
  ),
  ended AS (
    SELECT
      s.started_at AS started_at, s.session AS session, s.dimensions AS dimensions, s.instance AS instance, s.day AS day,
      COALESCE(f.crashed_at < TIMESTAMP_ADD(s.started_at, INTERVAL 1 DAY), FALSE) AS crashed
    FROM sessions AS s
    LEFT JOIN fatal AS f ON f.session = s.session
  ),
  users AS (
    SELECT
      e.instance AS instance, e.day AS day, MIN(e.dimensions) AS dimensions,
      MIN(e.started_at) AS started_at, COUNTIF(e.crashed) > 0 AS crashed
    FROM ended AS e
    WHERE e.instance IS NOT NULL
    GROUP BY e.instance, e.day
  ),
  measured AS (
    SELECT
      'crash_free_sessions' AS metric, TIMESTAMP_TRUNC(e.started_at, MINUTE) AS minute, e.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, e.crashed AS bad, e.crashed AS bad_client
    FROM ended AS e
    UNION ALL
    SELECT
      'crash_free_users' AS metric, TIMESTAMP_TRUNC(u.started_at, MINUTE) AS minute, u.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, u.crashed AS bad, u.crashed AS bad_client
    FROM users AS u
    UNION ALL
    SELECT
      'crashes' AS metric, TIMESTAMP_TRUNC(c.crashed_at, MINUTE) AS minute, c.dimensions AS dimensions,
      0.0 AS amount, FALSE AS is_value, c.is_fatal AS bad, c.is_fatal AS bad_client
    FROM crashes AS c
    UNION ALL
    SELECT
      'rows.crashes' AS metric, TIMESTAMP_TRUNC(e.started_at, MINUTE) AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM ended AS e
    UNION ALL
    SELECT
      'rows.crashes' AS metric, TIMESTAMP_TRUNC(c.crashed_at, MINUTE) AS minute, '' AS dimensions,
      0.0 AS amount, FALSE AS is_value, FALSE AS bad, FALSE AS bad_client
    FROM crashes AS c
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
  VALUES (s.metric, s.minute, s.dimensions, 'crashes', s.count, s.sum, s.bad, s.bad_clients, s.buckets)
WHEN NOT MATCHED BY SOURCE
  AND t.source = 'crashes' AND t.minute >= TIMESTAMP_TRUNC(@since, MINUTE) AND t.minute < @until
  THEN DELETE
