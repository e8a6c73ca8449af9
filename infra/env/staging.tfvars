# The installation for trying out. Every REPLACE-ME-... is refused until you put something in its place.
environment   = "staging"
project       = "REPLACE-ME-staging-project"
watcher_email = "REPLACE-ME-somebody@example.com"

senders = {
  smtp_host   = "REPLACE-ME-smtp.example.com"
  twilio_from = "REPLACE-ME-sender"
}

uptime_checks = {
  site = { host = "REPLACE-ME-staging.example.com" }
}

# Once the exports write their first rows, name their tables (see variables.tf):
# installation = { requests = "request_logs.run_googleapis_com_requests" }

# How people sign in to the incidents' pages; nobody can while this is left out. Behind the proxy: switch it on once, with
# gcloud run services update soukmon-serve-dashboard --region REGION --iap
# sign_in = { mode = "iap" }
