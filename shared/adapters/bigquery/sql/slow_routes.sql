-- @slower INT64, @before_since TIMESTAMP, @since TIMESTAMP, @until TIMESTAMP
-- The API's routes with answers slower than @slower ms since @since, those with most of them first, and the same of the
-- span before. Numbers in paths are one route; uptime checks count in nothing.
WITH seen AS (
  SELECT
    CONCAT(r.method, ' ', REGEXP_REPLACE(COALESCE(r.path, '/'), r'/([0-9][0-9A-Za-z_-]*|[0-9a-f-]{8,})', '/*')) AS route,
    r.requested_at >= @since AS is_recent,
    r.latency_ms AS latency_ms
  FROM soukmon.requests AS r
  WHERE
    r.is_api AND NOT r.is_probe AND r.latency_ms IS NOT NULL
    AND r.requested_at >= @before_since AND r.requested_at < @until
),
routes AS (
  SELECT
    s.route AS route,
    COUNTIF(s.is_recent) AS count, COUNTIF(s.is_recent AND s.latency_ms > @slower) AS slow,
    COALESCE(SUM(IF(s.is_recent, s.latency_ms, 0.0)), 0.0) AS total_ms,
    COUNTIF(NOT s.is_recent) AS before_count,
    COUNTIF(NOT s.is_recent AND s.latency_ms > @slower) AS before_slow
  FROM seen AS s
  GROUP BY s.route
)
SELECT
  r.route AS route, r.count AS count, r.slow AS slow, r.total_ms AS total_ms,
  r.before_count AS before_count, r.before_slow AS before_slow
FROM routes AS r
WHERE r.count > 0
ORDER BY slow DESC, route
LIMIT 50
