# Our own rules, held by `terraform test` without any project: the provider is mocked.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project       = "souk-test-1"
  environment   = "production"
  watcher_email = "watch@example.com"
  uptime_checks = { site = { host = "www.example.com" } }
}

run "production" {
  command = plan
  assert {
    condition     = google_firestore_database.state.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "The state of production must not be deletable."
  }
  assert {
    condition     = alltrue([for table in google_bigquery_table.table : table.deletion_protection])
    error_message = "The tables of production must not be deletable."
  }
  assert {
    condition     = length(google_eventarc_trigger.firebase_alert) == length(flatten([for m in local.alerted : m.trigger.alert_types]))
    error_message = "Each alert type needs a trigger of its own."
  }
  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.firebase_alert : trigger.location == "global"])
    error_message = "Firebase alerts are global."
  }
  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.job : job.time_zone == "Africa/Cairo"])
    error_message = "All schedules are in Cairo's time."
  }
  assert {
    condition     = toset(keys(google_bigquery_table.view)) == toset(["measured", "probes"])
    error_message = "Without exports only the views over our own tables exist."
  }
}

run "staging_with_an_export" {
  command = plan
  variables {
    environment  = "staging"
    installation = { requests = "request_logs.run_googleapis_com_requests" }
  }
  assert {
    condition     = google_firestore_database.state.delete_protection_state == "DELETE_PROTECTION_DISABLED"
    error_message = "Staging is there to be thrown away."
  }
  assert {
    condition     = strcontains(google_bigquery_table.view["requests"].view[0].query, "`souk-test-1.request_logs.run_googleapis_com_requests`")
    error_message = "The view must read the project's own table."
  }
}

run "what_must_not_be_is_refused" {
  command = plan
  variables {
    project         = "REPLACE-ME-project"
    environment     = "prod"
    watcher_email   = "REPLACE-ME-somebody@example.com"
    watcher_phone   = "01000000000"
    uptime_checks   = { site = { host = "REPLACE-ME-www.example.com" } }
    senders         = { smtp_host = "REPLACE-ME-smtp.example.com" }
    installation    = { analytics = "REPLACE-ME-analytics_1" }
    invokers        = { receive_measurement = ["allUsers"] }
    secret_versions = { SMTP_PASSWORD = "latest" }
    release         = { serve_chart = "latest" }
  }
  expect_failures = [
    var.project, var.environment, var.watcher_email, var.watcher_phone, var.uptime_checks, var.senders,
    var.installation, var.invokers, var.secret_versions, var.release,
  ]
}

run "nobody_reads_the_pages_before_a_way_to_sign_in_is_chosen" {
  command = plan
  assert {
    condition     = local.invokers["serve_dashboard"] == {}
    error_message = "While no way to sign in was chosen, nobody may call the pages."
  }
}

run "the_proxy_alone_reads_the_pages" {
  command = plan
  variables {
    sign_in = { mode = "iap" }
  }
  assert {
    condition     = values(local.invokers["serve_dashboard"]) == ["serviceAccount:service-123456789012@gcp-sa-iap.iam.gserviceaccount.com"]
    error_message = "Behind Identity-Aware Proxy nobody may get past it."
  }
  assert {
    condition     = local.environment.SOUKMON_IAP_AUDIENCE == "/projects/123456789012/locations/europe-west1/services/soukmon-serve-dashboard"
    error_message = "The function must know for whom the proxy's tokens are."
  }
}

run "with_firebase_the_function_itself_checks" {
  command = plan
  variables {
    sign_in = { mode = "firebase" }
  }
  assert {
    condition     = values(local.invokers["serve_dashboard"]) == ["allUsers"]
    error_message = "With Firebase everybody may call, and the function checks."
  }
}
