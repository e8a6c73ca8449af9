-- @metric STRING, @service STRING, @above INT64, @since TIMESTAMP, @until TIMESTAMP
-- How a service ('' = all of them) does in the span, against the equal span before: what was counted, what of it failed,
-- and what lies in the histogram's buckets above @above (slower than people are promised).
WITH wanted AS (
  SELECT
    p.minute >= @since AS is_recent, p.count AS count, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets
  FROM soukmon.metric_points AS p
  WHERE
    p.metric = @metric AND (@service = '' OR p.dimensions = CONCAT('service=', @service))
    AND p.minute >= TIMESTAMP_SECONDS(2 * UNIX_SECONDS(@since) - UNIX_SECONDS(@until)) AND p.minute < @until
),
slow AS (
  SELECT
    COALESCE(SUM(IF(w.is_recent, b.n, 0)), 0) AS slow,
    COALESCE(SUM(IF(w.is_recent, 0, b.n)), 0) AS previous_slow
  FROM wanted AS w
  CROSS JOIN UNNEST(w.buckets) AS b
  WHERE b.i > @above
),
counted AS (
  SELECT
    COALESCE(SUM(IF(w.is_recent, w.count, 0)), 0) AS count,
    COALESCE(SUM(IF(w.is_recent, w.bad, 0)), 0) AS bad,
    COALESCE(SUM(IF(w.is_recent, 0, w.bad)), 0) AS previous_bad,
    COALESCE(SUM(IF(w.is_recent, w.bad_clients, 0)), 0) AS bad_clients
  FROM wanted AS w
)
SELECT
  c.count AS count, c.bad AS bad, c.previous_bad AS previous_bad, c.bad_clients AS bad_clients,
  s.slow AS slow, s.previous_slow AS previous_slow
FROM counted AS c
CROSS JOIN slow AS s
