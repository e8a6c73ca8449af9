-- @metrics ARRAY<STRING>, @until TIMESTAMP, @minutes_since TIMESTAMP, @trailing_since TIMESTAMP, @window_since TIMESTAMP, @window_until TIMESTAMP, @hour_since TIMESTAMP, @hour_until TIMESTAMP, @counts_since TIMESTAMP
-- Everything one evaluation of all rules needs, in one read: every minute from @minutes_since on; whole hours, with their
-- histograms, of the last day (from @trailing_since), of the same window 1 to 4 weeks ago and of the same hour 2 to 6 days
-- ago; hourly counts further back; and how far each source has come. Each span is a range of its own with constant
-- bounds, so that only its hour partitions are read; the spans must not overlap, or their rows would count twice.
WITH read AS (
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @trailing_since AND p.minute < @until
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@window_since, INTERVAL 7 DAY) AND p.minute < TIMESTAMP_SUB(@window_until, INTERVAL 7 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@window_since, INTERVAL 14 DAY) AND p.minute < TIMESTAMP_SUB(@window_until, INTERVAL 14 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@window_since, INTERVAL 21 DAY) AND p.minute < TIMESTAMP_SUB(@window_until, INTERVAL 21 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@window_since, INTERVAL 28 DAY) AND p.minute < TIMESTAMP_SUB(@window_until, INTERVAL 28 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@hour_since, INTERVAL 2 DAY) AND p.minute < TIMESTAMP_SUB(@hour_until, INTERVAL 2 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@hour_since, INTERVAL 3 DAY) AND p.minute < TIMESTAMP_SUB(@hour_until, INTERVAL 3 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@hour_since, INTERVAL 4 DAY) AND p.minute < TIMESTAMP_SUB(@hour_until, INTERVAL 4 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@hour_since, INTERVAL 5 DAY) AND p.minute < TIMESTAMP_SUB(@hour_until, INTERVAL 5 DAY)
  UNION ALL
  SELECT
    p.metric AS metric, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad,
    p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@hour_since, INTERVAL 6 DAY) AND p.minute < TIMESTAMP_SUB(@hour_until, INTERVAL 6 DAY)
),
wanted AS (
  SELECT
    part AS part, r.metric AS metric,
    IF(part = 'minute', r.minute, TIMESTAMP_TRUNC(r.minute, HOUR)) AS start,
    r.count AS count, r.sum AS sum, r.bad AS bad, r.bad_clients AS bad_clients, r.buckets AS buckets
  FROM read AS r
  CROSS JOIN UNNEST(IF(r.minute >= @minutes_since, ['minute', 'hour'], ['hour'])) AS part
),
histograms AS (
  SELECT
    m.part AS part, m.metric AS metric, m.start AS start,
    ARRAY_AGG(STRUCT(m.i AS i, m.n AS n) ORDER BY m.i) AS buckets
  FROM (
    SELECT w.part AS part, w.metric AS metric, w.start AS start, b.i AS i, SUM(b.n) AS n
    FROM wanted AS w
    CROSS JOIN UNNEST(w.buckets) AS b
    GROUP BY w.part, w.metric, w.start, b.i
  ) AS m
  GROUP BY m.part, m.metric, m.start
),
sums AS (
  SELECT
    w.part AS part, w.metric AS metric, w.start AS start,
    COALESCE(SUM(w.count), 0) AS count, COALESCE(SUM(w.sum), 0.0) AS sum,
    COALESCE(SUM(w.bad), 0) AS bad, COALESCE(SUM(w.bad_clients), 0) AS bad_clients
  FROM wanted AS w
  GROUP BY w.part, w.metric, w.start
),
counts AS (
  SELECT
    p.metric AS metric, TIMESTAMP_TRUNC(p.minute, HOUR) AS start,
    COALESCE(SUM(p.count), 0) AS count, COALESCE(SUM(p.sum), 0.0) AS sum,
    COALESCE(SUM(p.bad), 0) AS bad, COALESCE(SUM(p.bad_clients), 0) AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @counts_since AND p.minute < @minutes_since
  GROUP BY p.metric, TIMESTAMP_TRUNC(p.minute, HOUR)
),
watermarks AS (
  SELECT p.metric AS metric, MAX(p.minute) AS start
  FROM soukmon.metric_points AS p
  WHERE STARTS_WITH(p.metric, 'rows.') AND p.minute >= @trailing_since AND p.minute < @until
  GROUP BY p.metric
)
SELECT
  s.part AS part, s.metric AS metric, s.start AS start, IF(s.part = 'minute', 60, 3600) AS seconds,
  s.count AS count, s.sum AS sum, s.bad AS bad, s.bad_clients AS bad_clients, h.buckets AS buckets
FROM sums AS s
LEFT JOIN histograms AS h ON h.part = s.part AND h.metric = s.metric AND h.start = s.start
UNION ALL
SELECT
  'count' AS part, c.metric AS metric, c.start AS start, 3600 AS seconds,
  c.count AS count, c.sum AS sum, c.bad AS bad, c.bad_clients AS bad_clients, NULL AS buckets
FROM counts AS c
UNION ALL
SELECT
  'watermark' AS part, k.metric AS metric, k.start AS start, 60 AS seconds,
  0 AS count, 0.0 AS sum, 0 AS bad, 0 AS bad_clients, NULL AS buckets
FROM watermarks AS k
ORDER BY part, metric, start
