-- @metrics ARRAY<STRING>, @since TIMESTAMP, @until TIMESTAMP
-- Points of a span and of the same span one to four weeks before (weeks_ago 0 to 4), by metric and dimensions; and under
-- weeks_ago -1 the newest minute that each source (rows.<source>) has reached. Each span is a range of its own with
-- constant bounds, so that only its hour partitions are read.
WITH read AS (
  SELECT 0 AS weeks_ago, p.metric AS metric, p.dimensions AS dimensions, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= @since AND p.minute < @until
  UNION ALL
  SELECT 1 AS weeks_ago, p.metric AS metric, p.dimensions AS dimensions, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@since, INTERVAL 7 DAY) AND p.minute < TIMESTAMP_SUB(@until, INTERVAL 7 DAY)
  UNION ALL
  SELECT 2 AS weeks_ago, p.metric AS metric, p.dimensions AS dimensions, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@since, INTERVAL 14 DAY) AND p.minute < TIMESTAMP_SUB(@until, INTERVAL 14 DAY)
  UNION ALL
  SELECT 3 AS weeks_ago, p.metric AS metric, p.dimensions AS dimensions, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@since, INTERVAL 21 DAY) AND p.minute < TIMESTAMP_SUB(@until, INTERVAL 21 DAY)
  UNION ALL
  SELECT 4 AS weeks_ago, p.metric AS metric, p.dimensions AS dimensions, p.minute AS minute, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients
  FROM soukmon.metric_points AS p
  WHERE p.metric IN UNNEST(@metrics) AND p.minute >= TIMESTAMP_SUB(@since, INTERVAL 28 DAY) AND p.minute < TIMESTAMP_SUB(@until, INTERVAL 28 DAY)
)
SELECT
  r.weeks_ago AS weeks_ago, r.metric AS metric, r.dimensions AS dimensions, MAX(r.minute) AS newest,
  SUM(r.count) AS count, COALESCE(SUM(r.sum), 0.0) AS sum, COALESCE(SUM(r.bad), 0) AS bad, COALESCE(SUM(r.bad_clients), 0) AS bad_clients
FROM read AS r
GROUP BY r.weeks_ago, r.metric, r.dimensions
UNION ALL
SELECT
  -1 AS weeks_ago, p.metric AS metric, '' AS dimensions, MAX(p.minute) AS newest,
  0 AS count, 0.0 AS sum, 0 AS bad, 0 AS bad_clients
FROM soukmon.metric_points AS p
WHERE STARTS_WITH(p.metric, 'rows.') AND p.minute >= TIMESTAMP_SUB(@since, INTERVAL 1 DAY) AND p.minute < TIMESTAMP_ADD(@until, INTERVAL 1 DAY)
GROUP BY p.metric
ORDER BY weeks_ago, metric, dimensions
