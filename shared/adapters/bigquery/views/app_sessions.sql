-- One row per session of the mobile app: what crashes are held against. Filled in: app_sessions.
SELECT
  s.event_timestamp AS started_at,
  s.received_timestamp AS received_at,
  s.session_id AS session,
  s.instance_id AS instance,
  UPPER(COALESCE(s.operating_system.name, 'unknown')) AS platform,
  COALESCE(s.application.display_version, 'unknown') AS version
FROM `${app_sessions}` AS s
WHERE s.event_type = 'SESSION_START'
QUALIFY
  ROW_NUMBER() OVER (PARTITION BY s.event_timestamp, s.session_id, s.instance_id ORDER BY s.received_timestamp) = 1
