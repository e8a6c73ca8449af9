-- What pipelines and jobs posted, each measurement once however often it was delivered. Filled in: soukmon.
SELECT
  m.measured_at AS measured_at,
  m.event_id AS event_id,
  m.metric AS metric,
  m.value AS value,
  m.unit AS unit,
  REGEXP_REPLACE((SELECT MIN(l.value) FROM UNNEST(m.labels) AS l WHERE l.key = 'asset'), r'[,=]', ' ') AS asset,
  REGEXP_REPLACE((SELECT MIN(l.value) FROM UNNEST(m.labels) AS l WHERE l.key = 'service'), r'[,=]', ' ') AS service,
  (SELECT MIN(l.value) FROM UNNEST(m.labels) AS l WHERE l.key = 'version') AS version
FROM `${soukmon}.measurements` AS m
QUALIFY ROW_NUMBER() OVER (PARTITION BY m.measured_at, m.event_id ORDER BY m.received_at) = 1
