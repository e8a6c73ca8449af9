-- @since TIMESTAMP, @until TIMESTAMP
-- Every row of the points in [@since, @until), as it is kept.
SELECT
  p.metric AS metric, p.minute AS minute, p.dimensions AS dimensions, p.source AS source,
  p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets
FROM soukmon.metric_points AS p
WHERE p.minute >= @since AND p.minute < @until
ORDER BY p.minute, p.metric, p.dimensions, p.source
