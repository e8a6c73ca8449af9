-- Results of our own uptime probes; one probe of one target from one place at one instant counts once. Filled in: soukmon.
SELECT
  p.probed_at AS probed_at,
  REGEXP_REPLACE(p.target, r'[,=]', ' ') AS target,
  COALESCE(p.place, 'unknown') AS place,
  p.ok AS ok,
  COALESCE(p.reason, '') AS reason,
  p.latency_ms AS latency_ms
FROM `${soukmon}.probe_results` AS p
QUALIFY ROW_NUMBER() OVER (PARTITION BY p.probed_at, p.target, p.place ORDER BY p.ok, p.latency_ms) = 1
