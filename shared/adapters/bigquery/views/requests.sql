-- One row per answered request, from the request log of Cloud Run (and 2nd-gen functions), each entry once.
-- Two entries are the same when both their time and their insertId are; the time being part of that key lets a filter
-- on requested_at reach the partitions. Filled in: requests, api_services, api_paths, order_paths.
WITH entries AS (
  SELECT
    r.timestamp AS requested_at,
    r.receiveTimestamp AS received_at,
    r.insertId AS insert_id,
    COALESCE(r.resource.labels.service_name, 'unknown') AS service,
    COALESCE(r.resource.labels.revision_name, 'unknown') AS revision,
    COALESCE(r.resource.labels.location, 'unknown') AS location,
    r.httpRequest.requestMethod AS method,
    REGEXP_EXTRACT(r.httpRequest.requestUrl, r'^(?:[a-z]+://[^/?#]*)?([^?#]*)') AS path,
    COALESCE(r.httpRequest.status, 0) AS status,
    1000 * r.httpRequest.latency AS latency_ms,
    r.httpRequest.remoteIp AS client,
    COALESCE(r.httpRequest.userAgent, '') AS user_agent
  FROM `${requests}` AS r
  WHERE r.httpRequest IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY r.timestamp, r.insertId ORDER BY r.receiveTimestamp) = 1
)
SELECT
  e.requested_at AS requested_at,
  e.received_at AS received_at,
  e.insert_id AS insert_id,
  e.service AS service,
  e.revision AS revision,
  e.location AS location,
  e.method AS method,
  e.path AS path,
  e.status AS status,
  e.latency_ms AS latency_ms,
  e.client AS client,
  REGEXP_CONTAINS(e.user_agent, r'GoogleStackdriverMonitoring-UptimeChecks') AS is_probe,
  COALESCE(REGEXP_CONTAINS(e.service, r'${api_services}') OR REGEXP_CONTAINS(e.path, r'${api_paths}'), FALSE) AS is_api,
  COALESCE(e.method = 'POST' AND REGEXP_CONTAINS(e.path, r'${order_paths}'), FALSE) AS is_order,
  e.status >= 500 AS failed,
  -- Of the 4xx these are ours: the way in is gone (404, 405), we waited too little or had no room (408, 429), or app and
  -- API disagree on the format (415). The others are an answer to the customer: sign in, pay, mend, already sold.
  e.status >= 500 OR e.status IN (404, 405, 408, 415, 429) AS order_failed
FROM entries AS e
