"""Names of the raw tables and of the invented marketplace in them."""

from typing import Any

Row = dict[str, Any]
Named = tuple[str, Row]  # a table and a row of it

PROJECT = "souk-generated"
HOST = "generated.souk-elsayarat.example"
APP = "com.soukelsayarat.app"
REQUESTS = "request_logs.run_googleapis_com_requests"
WEB_ERRORS = "request_logs.firebasetelemetry_googleapis_com_events"
ANALYTICS = "analytics_313131313.events_"
ANALYTICS_TODAY = "analytics_313131313.events_intraday_"
CRASHES = "firebase_crashlytics.com_soukelsayarat_app_ANDROID"
CRASHES_NOW = "firebase_crashlytics.com_soukelsayarat_app_ANDROID_REALTIME"
APP_SESSIONS = "firebase_sessions.com_soukelsayarat_app_ANDROID"
PERFORMANCE = "firebase_performance.com_soukelsayarat_app_ANDROID"
PROBES = "soukmon.probe_results"
MEASUREMENTS = "soukmon.measurements"
