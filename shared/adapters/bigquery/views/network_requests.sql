-- Requests as the mobile app saw them (Performance Monitoring; its durations are microseconds from the request's start).
-- Filled in: performance.
SELECT
  n.event_timestamp AS requested_at,
  n.event_name AS url_pattern,
  n.network_info.request_http_method AS method,
  n.network_info.response_code AS status,
  n.network_info.response_completed_time_us / 1000 AS latency_ms,
  n.country AS country,
  n.app_display_version AS version
FROM `${performance}` AS n
WHERE n.event_type = 'NETWORK_REQUEST'
