-- @issue STRING, @since TIMESTAMP, @until TIMESTAMP
-- Whom an issue (Crashlytics issue id, or error group of the web app) hurts in the span, against the equal span before.
-- The crash-free shares are those of the whole app; NULL for the web, whose sessions are not counted in this source.
WITH seen AS (
  SELECT
    'app' AS place, c.crashed_at AS happened_at, c.installation AS installation, c.session AS session, c.version AS version
  FROM soukmon.crashes AS c
  WHERE
    c.issue = @issue
    AND c.crashed_at >= TIMESTAMP_SECONDS(2 * UNIX_SECONDS(@since) - UNIX_SECONDS(@until)) AND c.crashed_at < @until
  UNION ALL
  SELECT
    'web' AS place, w.failed_at AS happened_at, w.installation AS installation, w.session AS session, w.version AS version
  FROM soukmon.web_errors AS w
  WHERE
    w.issue = @issue AND w.is_error
    AND w.failed_at >= TIMESTAMP_SECONDS(2 * UNIX_SECONDS(@since) - UNIX_SECONDS(@until)) AND w.failed_at < @until
),
issue AS (
  SELECT
    COUNTIF(s.happened_at >= @since) AS events,
    COUNTIF(s.happened_at < @since) AS previous_events,
    COUNT(DISTINCT IF(s.happened_at >= @since, s.installation, NULL)) AS affected_users,
    COUNT(DISTINCT IF(s.happened_at >= @since, s.session, NULL)) AS affected_sessions,
    MIN(IF(s.happened_at >= @since, s.happened_at, NULL)) AS first_at,
    MAX(s.happened_at) AS last_at,
    COUNTIF(s.place = 'web') > 0 AS is_web
  FROM seen AS s
),
versions AS (
  SELECT ARRAY_AGG(v.version ORDER BY v.events DESC, v.version LIMIT 5) AS versions
  FROM (
    SELECT s.version AS version, COUNT(*) AS events
    FROM seen AS s
    WHERE s.happened_at >= @since
    GROUP BY s.version
  ) AS v
),
fatal AS (
  SELECT c.session AS session
  FROM soukmon.crashes AS c
  WHERE
    c.error_type = 'FATAL' AND c.session IS NOT NULL
    AND c.crashed_at >= @since AND c.crashed_at < TIMESTAMP_ADD(@until, INTERVAL 1 DAY)
  GROUP BY c.session
),
app AS (
  SELECT
    COUNT(DISTINCT a.session) AS sessions,
    COUNT(DISTINCT a.instance) AS users,
    COUNT(DISTINCT IF(f.session IS NULL, NULL, a.session)) AS crashed_sessions,
    COUNT(DISTINCT IF(f.session IS NULL, NULL, a.instance)) AS crashed_users
  FROM soukmon.app_sessions AS a
  LEFT JOIN fatal AS f ON f.session = a.session
  WHERE a.started_at >= @since AND a.started_at < @until
)
SELECT
  i.events AS events,
  i.previous_events AS previous_events,
  SAFE_DIVIDE(100.0 * (i.events - i.previous_events), i.previous_events) AS growth_percent,
  i.affected_users AS affected_users,
  i.affected_sessions AS affected_sessions,
  IF(i.is_web, NULL, a.users) AS users,
  IF(i.is_web, NULL, a.sessions) AS sessions,
  IF(i.is_web, NULL, SAFE_DIVIDE(100.0 * (a.users - a.crashed_users), a.users)) AS crash_free_users,
  IF(i.is_web, NULL, SAFE_DIVIDE(100.0 * (a.sessions - a.crashed_sessions), a.sessions)) AS crash_free_sessions,
  v.versions AS versions,
  i.first_at AS first_at,
  i.last_at AS last_at
FROM issue AS i
CROSS JOIN versions AS v
CROSS JOIN app AS a
