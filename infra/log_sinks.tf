# What we log must never come back as an alert about what we log. Three guards, each enough by itself: the filter leaves
# our services out, the exclusions leave out our services, lines and accounts, and the code drops what still arrives
# (SOUKMON_OWN_SERVICES and `origin`). Changes to our services (audit log) do pass: they are of all changes to be seen.
locals {
  is_ours       = "resource.labels.service_name=~\"^${local.prefix}-\""
  is_change     = "log_id(\"cloudaudit.googleapis.com/activity\")"
  own_accounts  = "^(fn|${local.prefix}-(push|scheduler|eventarc|build))[a-z0-9-]*@${var.project}[.]iam"
  own_exclusion = "${local.is_ours} AND NOT ${local.is_change}"
  linked = [
    for name, manifest in local.manifests : local.slugs[name]
    if manifest.public && (contains(manifest.secrets, "SOUKMON_LINK_KEYS") || name == "manage_subscriptions")
  ]
}

resource "google_logging_project_sink" "signals" {
  name                   = "${local.prefix}-signals"
  description            = "Errors and security events to receive_log_entry"
  destination            = "pubsub.googleapis.com/${google_pubsub_topic.topic["log-sink"].id}"
  unique_writer_identity = true
  filter                 = <<-EOT
    (
      severity>=ERROR
      OR ${local.is_change}
      OR log_id("cloudaudit.googleapis.com/policy")
      OR jsonPayload.enforcedSecurityPolicy.outcome="DENY"
      OR (resource.type="cloud_function" AND textPayload=~"finished with status: '?(timeout|crash|error|connection error|out of memory)")
    )
    AND NOT (${local.own_exclusion})
  EOT
  exclusions {
    name   = "own-services"
    filter = local.own_exclusion
  }
  exclusions {
    name   = "own-lines"
    filter = "jsonPayload.origin=\"${local.prefix}\""
  }
  exclusions {
    name   = "own-accounts" # what our functions are refused is in the audit log under their accounts
    filter = "protoPayload.authenticationInfo.principalEmail=~\"${local.own_accounts}\""
  }
  exclusions {
    name   = "own-schedules" # a run that fails is an error of Cloud Scheduler's as well; the watcher sees both
    filter = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=~\"^${local.prefix}-\""
  }
  exclusions {
    name   = "builds" # builds are told on the topic cloud-builds
    filter = "resource.type=\"build\""
  }
}

resource "google_pubsub_topic_iam_member" "log_sink" {
  topic  = google_pubsub_topic.topic["log-sink"].id
  role   = "roles/pubsub.publisher"
  member = google_logging_project_sink.signals.writer_identity
}

# An address may be a secret: signed links carry their proof in it, and Cloud Run writes the address of each request down.
# Metrics are counted all the same (https://cloud.google.com/logging/docs/routing/overview, exclusion filters).
resource "google_logging_project_exclusion" "signed_links" {
  name        = "${local.prefix}-signed-links"
  description = "Requests for signed links are not kept: who reads logs could use them"
  filter      = "log_id(\"run.googleapis.com/requests\") AND resource.labels.service_name=~\"^(${join("|", local.linked)})$\""
  depends_on  = [google_project_service.api]
}

# Requests and errors of the web app go straight to BigQuery: cost grows with trouble, not with traffic.
resource "google_logging_project_sink" "warehouse" {
  name                   = "${local.prefix}-warehouse"
  description            = "Request logs and Crashlytics entries of the web app, for the rollups"
  destination            = "bigquery.googleapis.com/${google_bigquery_dataset.request_logs.id}"
  unique_writer_identity = true
  filter                 = <<-EOT
    (
      log_id("run.googleapis.com/requests")
      OR resource.type="firebasetelemetry.googleapis.com/App"
    )
    AND NOT ${local.is_ours}
  EOT
  exclusions {
    name   = "own-services"
    filter = local.is_ours
  }
  bigquery_options {
    use_partitioned_tables = true
  }
}

resource "google_bigquery_dataset_iam_member" "warehouse_sink" {
  dataset_id = google_bigquery_dataset.request_logs.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_logging_project_sink.warehouse.writer_identity
}
