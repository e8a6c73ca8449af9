-- @by STRING, @place STRING, @usual_since TIMESTAMP, @since TIMESTAMP, @until TIMESTAMP
-- Which groups or versions (@by) the errors of a @place ('web' or 'app') come from, since @since and in the span before it.
WITH seen AS (
  SELECT
    'web' AS place, w.failed_at AS happened_at, w.version AS version,
    CONCAT(w.exception_type, ': ', COALESCE(w.exception_message, 'no message')) AS title
  FROM soukmon.web_errors AS w
  WHERE @place = 'web' AND w.is_error AND w.failed_at >= @usual_since AND w.failed_at < @until
  UNION ALL
  SELECT
    'app' AS place, c.crashed_at AS happened_at, c.version AS version,
    COALESCE(c.issue_title, c.issue, 'unknown') AS title
  FROM soukmon.crashes AS c
  WHERE @place = 'app' AND c.crashed_at >= @usual_since AND c.crashed_at < @until
),
parts AS (
  SELECT
    IF(@by = 'version', s.version, s.title) AS name,
    COUNTIF(s.happened_at >= @since) AS bad, COUNTIF(s.happened_at < @since) AS usual_bad
  FROM seen AS s
  GROUP BY name
),
totals AS (
  SELECT SUM(p.bad) AS bad, SUM(p.usual_bad) AS usual_bad
  FROM parts AS p
)
SELECT
  p.name AS name, p.bad AS bad, p.usual_bad AS usual_bad, t.bad AS all_bad, t.usual_bad AS all_usual_bad
FROM parts AS p
CROSS JOIN totals AS t
WHERE p.bad > 0
ORDER BY bad DESC, name
LIMIT 20
