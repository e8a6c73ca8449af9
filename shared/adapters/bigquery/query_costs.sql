-- @since TIMESTAMP, @until TIMESTAMP
-- What each query of the project took: our own by the name in their label, others by a digest of their text. A script's
-- bytes are those of its statements, which are jobs of their own; so scripts are left out.
-- https://cloud.google.com/bigquery/docs/information-schema-jobs
SELECT
  COALESCE(
    (SELECT l.value FROM UNNEST(j.labels) AS l WHERE l.key = 'query' LIMIT 1),
    CONCAT('query ', SUBSTR(j.query_info.query_hashes.normalized_literals, 1, 12)),
    'unnamed'
  ) AS name,
  COUNT(*) AS runs,
  COALESCE(SUM(TIMESTAMP_DIFF(j.end_time, j.start_time, MILLISECOND)), 0) AS milliseconds,
  COALESCE(MAX(TIMESTAMP_DIFF(j.end_time, j.start_time, MILLISECOND)), 0) AS longest,
  COALESCE(SUM(j.total_bytes_billed), 0) AS bytes_billed,
  COALESCE(SUM(j.total_slot_ms), 0) AS slot_ms,
  COUNTIF(j.error_result.reason IS NOT NULL) AS failed
FROM `region-${region}`.INFORMATION_SCHEMA.JOBS_BY_PROJECT AS j
WHERE
  j.creation_time >= @since AND j.creation_time < @until
  AND j.job_type = 'QUERY' AND j.state = 'DONE' AND COALESCE(j.statement_type, '') != 'SCRIPT'
GROUP BY name
ORDER BY bytes_billed DESC, name
LIMIT 200
