-- @usual_since TIMESTAMP, @since TIMESTAMP, @until TIMESTAMP
-- How our own checks from outside went, by target and place, since @since and in the span before it.
SELECT
  p.target AS name, p.place AS place,
  COUNTIF(p.probed_at >= @since) AS count, COUNTIF(p.probed_at >= @since AND NOT p.ok) AS bad,
  COUNTIF(p.probed_at < @since) AS usual_count, COUNTIF(p.probed_at < @since AND NOT p.ok) AS usual_bad,
  MAX(IF(p.probed_at >= @since AND NOT p.ok, p.reason, NULL)) AS reason
FROM soukmon.probes AS p
WHERE p.probed_at >= @usual_since AND p.probed_at < @until
GROUP BY p.target, p.place
ORDER BY bad DESC, name, place
LIMIT 20
