-- @since TIMESTAMP, @until TIMESTAMP
-- Log entries of severity ERROR and worse in [@since, @until), oldest first: errors of the web app, and requests that our
-- side failed (Cloud Run writes those with severity ERROR). Without the caller's address.
SELECT
  e.at AS at, e.insert_id AS insert_id, e.severity AS severity, e.log AS log, e.service AS service,
  e.version AS version, e.message AS message, e.issue AS issue, e.status AS status
FROM (
  SELECT
    w.failed_at AS at, w.insert_id AS insert_id, w.severity AS severity, 'web_errors' AS log, 'web' AS service,
    w.version AS version, CONCAT(w.exception_type, ': ', COALESCE(w.exception_message, '')) AS message,
    w.issue AS issue, 0 AS status
  FROM soukmon.web_errors AS w
  WHERE w.failed_at >= @since AND w.failed_at < @until AND w.is_error
  UNION ALL
  SELECT
    r.requested_at AS at, r.insert_id AS insert_id, 'ERROR' AS severity, 'requests' AS log, r.service AS service,
    r.revision AS version, CONCAT(r.method, ' ', COALESCE(r.path, '')) AS message,
    '' AS issue, r.status AS status
  FROM soukmon.requests AS r
  WHERE r.requested_at >= @since AND r.requested_at < @until AND r.failed
) AS e
ORDER BY e.at, e.insert_id
