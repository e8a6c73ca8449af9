-- Crashlytics events of the mobile app, each once although the export repeats rows and the streamed table holds the same
-- events as the daily one (which is preferred: it is complete). error_type says what it was: FATAL, NON_FATAL or ANR.
-- Filled in: crashes, crashes_realtime (the same table again where streaming is off: nothing is counted twice).
WITH rows_of_both AS (
  SELECT
    0 AS preference, c.event_timestamp AS crashed_at, c.received_timestamp AS received_at,
    c.installation_uuid AS installation, c.event_id AS event_id, c.variant_id AS variant_id,
    c.issue_id AS issue, c.issue_title AS issue_title, c.issue_subtitle AS issue_subtitle, c.error_type AS error_type,
    c.firebase_session_id AS session, c.platform AS platform, c.application.display_version AS version
  FROM `${crashes}` AS c
  UNION ALL
  SELECT
    1 AS preference, r.event_timestamp AS crashed_at, r.received_timestamp AS received_at,
    r.installation_uuid AS installation, r.event_id AS event_id, r.variant_id AS variant_id,
    r.issue_id AS issue, r.issue_title AS issue_title, r.issue_subtitle AS issue_subtitle, r.error_type AS error_type,
    r.firebase_session_id AS session, r.platform AS platform, r.application.display_version AS version
  FROM `${crashes_realtime}` AS r
)
SELECT
  b.crashed_at AS crashed_at, b.received_at AS received_at, b.installation AS installation, b.event_id AS event_id,
  b.issue AS issue, b.issue_title AS issue_title, b.issue_subtitle AS issue_subtitle,
  COALESCE(b.error_type, 'unknown') AS error_type,
  b.session AS session, COALESCE(b.platform, 'unknown') AS platform, COALESCE(b.version, 'unknown') AS version
FROM rows_of_both AS b
QUALIFY
  ROW_NUMBER() OVER (
    PARTITION BY b.crashed_at, b.installation, b.event_id, b.variant_id ORDER BY b.preference, b.received_at
  ) = 1
