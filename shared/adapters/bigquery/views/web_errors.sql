-- Errors of the web app (Crashlytics for web writes log entries; the sink turns dots in their names into underscores),
-- each entry once. Filled in: web_errors.
SELECT
  w.timestamp AS failed_at,
  w.receiveTimestamp AS received_at,
  w.insertId AS insert_id,
  w.severity AS severity,
  (SELECT MIN(g.id) FROM UNNEST(w.errorGroups) AS g) AS issue,
  COALESCE(w.jsonPayload.exception_type, 'Error') AS exception_type,
  w.jsonPayload.exception_message AS exception_message,
  w.labels.app_installation_id AS installation,
  w.labels.session_id AS session,
  COALESCE(NULLIF(w.resource.labels.app_version, ''), 'unknown') AS version,
  w.severity IN ('ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY') AS is_error
FROM `${web_errors}` AS w
QUALIFY ROW_NUMBER() OVER (PARTITION BY w.timestamp, w.insertId ORDER BY w.receiveTimestamp) = 1
