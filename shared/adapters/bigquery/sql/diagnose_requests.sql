-- @by STRING, @service STRING, @slower INT64, @usual_since TIMESTAMP, @since TIMESTAMP, @until TIMESTAMP
-- Which routes, services, revisions, locations or statuses (@by) the trouble lies in: requests of @service ('' = all) that
-- failed, or (@slower above 0) that took longer than so many ms, since @since and in the span before it. Numbers in paths
-- are one route; uptime checks count in nothing.
WITH seen AS (
  SELECT
    CASE @by
      WHEN 'route' THEN CONCAT(r.method, ' ', REGEXP_REPLACE(COALESCE(r.path, '/'), r'/([0-9][0-9A-Za-z_-]*|[0-9a-f-]{8,})', '/*'))
      WHEN 'service' THEN r.service
      WHEN 'revision' THEN r.revision
      WHEN 'location' THEN r.location
      ELSE CAST(r.status AS STRING)
    END AS name,
    r.requested_at >= @since AS is_recent,
    IF(@slower > 0, COALESCE(r.latency_ms, 0.0) > @slower, r.failed) AS bad
  FROM soukmon.requests AS r
  WHERE
    NOT r.is_probe AND (@service = '' OR r.service = @service)
    AND r.requested_at >= @usual_since AND r.requested_at < @until
),
parts AS (
  SELECT
    s.name AS name,
    COUNTIF(s.is_recent) AS count, COUNTIF(s.is_recent AND s.bad) AS bad,
    COUNTIF(NOT s.is_recent) AS usual_count, COUNTIF(NOT s.is_recent AND s.bad) AS usual_bad
  FROM seen AS s
  GROUP BY s.name
),
totals AS (
  SELECT
    SUM(p.count) AS count, SUM(p.bad) AS bad, SUM(p.usual_count) AS usual_count, SUM(p.usual_bad) AS usual_bad
  FROM parts AS p
)
SELECT
  p.name AS name, p.count AS count, p.bad AS bad, p.usual_count AS usual_count, p.usual_bad AS usual_bad,
  t.count AS all_count, t.bad AS all_bad, t.usual_count AS all_usual_count, t.usual_bad AS all_usual_bad
FROM parts AS p
CROSS JOIN totals AS t
WHERE p.bad > 0
ORDER BY bad DESC, name
LIMIT 20
