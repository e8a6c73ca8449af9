-- @metrics ARRAY<STRING>, @since TIMESTAMP, @until TIMESTAMP, @before_since TIMESTAMP, @before_until TIMESTAMP, @seconds INT64, @newest_of ARRAY<STRING>, @newest_since TIMESTAMP, @reached_since TIMESTAMP, @reached_until TIMESTAMP
-- Points summed over dimensions into steps of @seconds (aligned to 1970-01-01 UTC): those of the span ('now'), those of
-- the span it is compared with ('before'), the newest minute of every source ('watermark'), and for the metrics of
-- @newest_of, which hold until the next measurement, the newest minute before either span ('held', 'held_before').
WITH wanted AS (
  SELECT
    'now' AS part, p.metric AS metric,
    TIMESTAMP_SECONDS(UNIX_SECONDS(p.minute) - MOD(UNIX_SECONDS(p.minute), @seconds)) AS start,
    p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @since AND p.minute < @until
  UNION ALL
  SELECT
    'before' AS part, p.metric AS metric,
    TIMESTAMP_SECONDS(UNIX_SECONDS(p.minute) - MOD(UNIX_SECONDS(p.minute), @seconds)) AS start,
    p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @before_since AND p.minute < @before_until
),
histograms AS (
  SELECT m.part AS part, m.metric AS metric, m.start AS start, ARRAY_AGG(STRUCT(m.i AS i, m.n AS n) ORDER BY m.i) AS buckets
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
newest AS (
  SELECT
    'held' AS part, p.metric AS metric, p.minute AS start, p.count AS count, p.sum AS sum
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@newest_of) AND p.minute >= @newest_since AND p.minute < @since
  UNION ALL
  SELECT
    'held_before' AS part, p.metric AS metric, p.minute AS start, p.count AS count, p.sum AS sum
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@newest_of) AND p.minute >= @newest_since AND p.minute < @before_since
),
held AS (
  SELECT n.part AS part, n.metric AS metric, n.start AS start, n.count AS count, n.sum AS sum
  FROM newest AS n
  QUALIFY DENSE_RANK() OVER (PARTITION BY n.part, n.metric ORDER BY n.start DESC) = 1
),
watermarks AS (
  SELECT p.metric AS metric, MAX(p.minute) AS start
  FROM soukmon.metric_points AS p
  WHERE STARTS_WITH(p.metric, 'rows.') AND p.minute >= @reached_since AND p.minute < @reached_until
  GROUP BY p.metric
)
SELECT
  s.part AS part, s.metric AS metric, s.start AS start, @seconds AS seconds,
  s.count AS count, s.sum AS sum, s.bad AS bad, s.bad_clients AS bad_clients, h.buckets AS buckets
FROM sums AS s
LEFT JOIN histograms AS h ON h.part = s.part AND h.metric = s.metric AND h.start = s.start
UNION ALL
SELECT
  h.part AS part, h.metric AS metric, h.start AS start, 60 AS seconds,
  COALESCE(SUM(h.count), 0) AS count, COALESCE(SUM(h.sum), 0.0) AS sum, 0 AS bad, 0 AS bad_clients, NULL AS buckets
FROM held AS h
GROUP BY h.part, h.metric, h.start
UNION ALL
SELECT
  'watermark' AS part, k.metric AS metric, k.start AS start, 60 AS seconds,
  0 AS count, 0.0 AS sum, 0 AS bad, 0 AS bad_clients, NULL AS buckets
FROM watermarks AS k
ORDER BY part, metric, start
