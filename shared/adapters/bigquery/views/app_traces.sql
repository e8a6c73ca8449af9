-- Traces of the mobile app (its start, its screens, our own), in milliseconds. Filled in: performance.
SELECT
  n.event_timestamp AS began_at,
  n.event_type AS event_type,
  n.event_name AS trace,
  n.trace_info.duration_us / 1000 AS duration_ms,
  n.trace_info.screen_info.slow_frame_ratio AS slow_frame_ratio,
  n.trace_info.screen_info.frozen_frame_ratio AS frozen_frame_ratio,
  n.app_display_version AS version
FROM `${performance}` AS n
WHERE n.event_type != 'NETWORK_REQUEST'
