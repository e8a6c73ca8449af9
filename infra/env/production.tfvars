# The marketplace itself. Every REPLACE-ME-... is refused until you put something in its place.
environment   = "production"
project       = "REPLACE-ME-production-project"
watcher_email = "REPLACE-ME-somebody@example.com"
# watcher_phone = "+20..."

senders = {
  smtp_host   = "REPLACE-ME-smtp.example.com"
  twilio_from = "REPLACE-ME-sender"
}

uptime_checks = {
  site = { host = "REPLACE-ME-www.example.com" }
  api  = { host = "REPLACE-ME-api.example.com", path = "/healthz" }
}

# Leave the whole block out of the first apply: a view over a table that is not there yet is refused, and an export (our
# own log sink as well) makes its table with its first row. Then name those that are there.
installation = {
  requests         = "REPLACE-ME-request_logs.run_googleapis_com_requests"
  web_errors       = "REPLACE-ME-request_logs.firebasetelemetry_googleapis_com_events"
  analytics        = "REPLACE-ME-analytics_123456789"
  crashes          = "REPLACE-ME-firebase_crashlytics.com_example_app_ANDROID"
  crashes_realtime = "REPLACE-ME-firebase_crashlytics.com_example_app_ANDROID_REALTIME"
  app_sessions     = "REPLACE-ME-firebase_sessions.com_example_app_ANDROID"
  performance      = "REPLACE-ME-firebase_performance.com_example_app_ANDROID"
}

# Who posts measurements (the account of your continuous integration):
# invokers = { receive_measurement = ["serviceAccount:ci@PROJECT.iam.gserviceaccount.com"] }

# How people sign in to the incidents' pages; nobody can while this is left out. Behind the proxy: switch it on once, with
# gcloud run services update soukmon-serve-dashboard --region REGION --iap
# sign_in = { mode = "iap" }

# budget = { billing_account = "000000-000000-000000", amount = 300, currency = "USD" }
