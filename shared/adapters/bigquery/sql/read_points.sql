-- @metrics ARRAY<STRING>, @since TIMESTAMP, @until TIMESTAMP, @seconds INT64
-- Points summed over dimensions into steps of @seconds (aligned to 1970-01-01 UTC), oldest first.
WITH wanted AS (
  SELECT
    p.metric AS metric,
    TIMESTAMP_SECONDS(UNIX_SECONDS(p.minute) - MOD(UNIX_SECONDS(p.minute), @seconds)) AS start,
    p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @since AND p.minute < @until
),
histograms AS (
  SELECT m.metric AS metric, m.start AS start, ARRAY_AGG(STRUCT(m.i AS i, m.n AS n) ORDER BY m.i) AS buckets
  FROM (
    SELECT w.metric AS metric, w.start AS start, b.i AS i, SUM(b.n) AS n
    FROM wanted AS w
    CROSS JOIN UNNEST(w.buckets) AS b
    GROUP BY w.metric, w.start, b.i
  ) AS m
  GROUP BY m.metric, m.start
),
sums AS (
  SELECT
    w.metric AS metric, w.start AS start,
    COALESCE(SUM(w.count), 0) AS count, COALESCE(SUM(w.sum), 0.0) AS sum,
    COALESCE(SUM(w.bad), 0) AS bad, COALESCE(SUM(w.bad_clients), 0) AS bad_clients
  FROM wanted AS w
  GROUP BY w.metric, w.start
)
SELECT
  s.metric AS metric, s.start AS start, @seconds AS seconds,
  s.count AS count, s.sum AS sum, s.bad AS bad, s.bad_clients AS bad_clients, h.buckets AS buckets
FROM sums AS s
LEFT JOIN histograms AS h ON h.metric = s.metric AND h.start = s.start
ORDER BY s.metric, s.start
