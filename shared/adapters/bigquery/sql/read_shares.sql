-- @metrics ARRAY<STRING>, @since TIMESTAMP, @until TIMESTAMP, @before_since TIMESTAMP, @before_until TIMESTAMP
-- What each dimension of the metrics came to in the span ('now') and in the one it is compared with ('before').
WITH wanted AS (
  SELECT 'now' AS part, p.metric AS metric, p.dimensions AS dimensions, p.count AS count, p.sum AS sum, p.bad AS bad
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @since AND p.minute < @until
  UNION ALL
  SELECT 'before' AS part, p.metric AS metric, p.dimensions AS dimensions, p.count AS count, p.sum AS sum, p.bad AS bad
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @before_since AND p.minute < @before_until
)
SELECT
  w.part AS part, w.metric AS metric, w.dimensions AS dimensions,
  COALESCE(SUM(w.count), 0) AS count, COALESCE(SUM(w.sum), 0.0) AS sum, COALESCE(SUM(w.bad), 0) AS bad
FROM wanted AS w
GROUP BY w.part, w.metric, w.dimensions
ORDER BY part, metric, dimensions
