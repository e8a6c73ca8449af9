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

run "production_is_protected" {
  command = plan
  assert {
    condition     = google_firestore_database.state.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "The state of production must not be deletable."
  }
  assert {
    condition     = alltrue([for table in google_bigquery_table.table : table.deletion_protection])
    error_message = "The tables of production must not be deletable."
  }
}

run "staging_can_be_taken_down" {
  command = plan
  variables {
    environment = "staging"
  }
  assert {
    condition     = google_firestore_database.state.delete_protection_state == "DELETE_PROTECTION_DISABLED"
    error_message = "Staging is there to be thrown away."
  }
}

run "one_trigger_for_each_alert_type_and_all_global" {
  command = plan
  assert {
    condition     = length(google_eventarc_trigger.firebase_alert) == length(flatten([for m in local.alerted : m.trigger.alert_types]))
    error_message = "Each alert type needs a trigger of its own."
  }
  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.firebase_alert : trigger.location == "global"])
    error_message = "Firebase alerts are global."
  }
}

run "schedules_are_in_cairo_time" {
  command = plan
  assert {
    condition     = alltrue([for job in google_cloud_scheduler_job.job : job.time_zone == "Africa/Cairo"])
    error_message = "All schedules are in Cairo's time."
  }
}

run "views_wait_for_their_exports" {
  command = plan
  assert {
    condition     = toset(keys(google_bigquery_table.view)) == toset(["measured", "probes"])
    error_message = "Without exports only the views over our own tables exist."
  }
}

run "a_view_comes_with_its_export" {
  command = plan
  variables {
    installation = { requests = "request_logs.run_googleapis_com_requests" }
  }
  assert {
    condition     = strcontains(google_bigquery_table.view["requests"].view[0].query, "`souk-test-1.request_logs.run_googleapis_com_requests`")
    error_message = "The view must read the project's own table."
  }
}

run "placeholders_are_refused" {
  command = plan
  variables {
    project       = "REPLACE-ME-project"
    watcher_email = "REPLACE-ME-somebody@example.com"
    uptime_checks = { site = { host = "REPLACE-ME-www.example.com" } }
    senders       = { smtp_host = "REPLACE-ME-smtp.example.com" }
    installation  = { analytics = "REPLACE-ME-analytics_1" }
  }
  expect_failures = [var.project, var.watcher_email, var.uptime_checks, var.senders, var.installation]
}

run "an_unknown_environment_is_refused" {
  command = plan
  variables {
    environment = "prod"
  }
  expect_failures = [var.environment]
}

run "nobody_is_let_in_through_the_side_door" {
  command = plan
  variables {
    invokers = { receive_measurement = ["allUsers"] }
  }
  expect_failures = [var.invokers]
}

run "latest_is_no_version" {
  command = plan
  variables {
    secret_versions = { SMTP_PASSWORD = "latest" }
  }
  expect_failures = [var.secret_versions]
}
