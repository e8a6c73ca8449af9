# Every function runs as an account of its own.
resource "google_service_account" "function" {
  for_each     = local.manifests
  account_id   = "fn-${replace(each.key, "_", "-")}"
  display_name = "Function ${each.key}"
  description  = each.value.description
}

# Who calls our functions: one account per kind of caller, and each may call only the functions of its kind.
resource "google_service_account" "push" {
  account_id   = "${local.prefix}-push"
  display_name = "Pub/Sub pushes to functions"
}

resource "google_service_account" "scheduler" {
  account_id   = "${local.prefix}-scheduler"
  display_name = "Cloud Scheduler calls functions"
}

resource "google_service_account" "eventarc" {
  account_id   = "${local.prefix}-eventarc"
  display_name = "Eventarc delivers Firebase alerts"
}

resource "google_project_iam_member" "event_receiver" {
  project = var.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.eventarc.member
}

# Pub/Sub signs its tokens as the push account; projects made before April 2021 lack this grant.
resource "google_service_account_iam_member" "push_tokens" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
  depends_on         = [google_pubsub_topic.topic] # Pub/Sub makes its agent when it is first used
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}
