# One function: exactly what its account may do, who may call it, and the function itself.
terraform {
  required_providers {
    google = { source = "hashicorp/google" }
  }
}

locals {
  reads_warehouse = contains(var.manifest.roles, "roles/bigquery.jobUser")
}

# Four rights there are for the whole project alone: to ask BigQuery (which data may be asked about is said below), to
# send push messages, to read what Cloud Monitoring measures, and which backups of Firestore there are (not what is in
# them).
resource "google_project_iam_member" "project" {
  for_each = setintersection(var.manifest.roles, ["roles/bigquery.jobUser", "roles/datastore.backupsViewer", "roles/firebasecloudmessaging.admin", "roles/monitoring.viewer"])
  project  = var.project
  role     = each.key
  member   = var.account.member
}

# And what Google has no narrow role for: rights of our own choice, on the project's users, accounts and log buckets.
resource "google_project_iam_member" "custom" {
  for_each = { for role in var.manifest.roles : role => var.custom_roles[role] if startswith(role, "custom/") }
  project  = var.project
  role     = each.value
  member   = var.account.member
}

resource "google_project_iam_member" "database" {
  for_each = toset([for role in var.manifest.roles : role if role == "roles/datastore.user"])
  project  = var.project
  role     = each.key
  member   = var.account.member
  condition {
    title      = "database-${var.database}"
    expression = "resource.name == \"projects/${var.project}/databases/${var.database}\""
  }
}

# Logs are read through the view that has everything but data access logs, and through no other.
resource "google_project_iam_member" "logs" {
  for_each = toset([for role in var.manifest.roles : role if startswith(role, "roles/logging.")])
  project  = var.project
  role     = each.key
  member   = var.account.member
  condition {
    title      = "logs-default-view"
    expression = "resource.name == \"projects/${var.project}/locations/global/buckets/_Default/views/_Default\""
  }
}

resource "google_bigquery_dataset_iam_member" "warehouse" {
  for_each   = toset([for role in var.manifest.roles : role if startswith(role, "roles/bigquery.data")])
  dataset_id = var.dataset
  role       = each.key
  member     = var.account.member
}

resource "google_bigquery_dataset_iam_member" "source" {
  for_each   = local.reads_warehouse ? var.source_datasets : []
  dataset_id = each.key
  role       = "roles/bigquery.dataViewer"
  member     = var.account.member
}

resource "google_storage_bucket_iam_member" "objects" {
  for_each = toset([for role in var.manifest.roles : role if startswith(role, "roles/storage.")])
  bucket   = var.bucket
  role     = each.key
  member   = var.account.member
}

resource "google_pubsub_topic_iam_member" "publishes" {
  for_each = var.topics
  topic    = each.value
  role     = "roles/pubsub.publisher"
  member   = var.account.member
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each  = var.secrets
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = var.account.member
}

resource "google_cloudfunctions2_function" "this" {
  name        = var.slug
  location    = var.region
  description = var.manifest.description
  build_config {
    runtime           = "python312"
    entry_point       = var.name
    docker_repository = var.build.repository
    service_account   = var.build.account
    source {
      storage_source {
        bucket = var.package.bucket
        object = var.package.object
      }
    }
  }
  service_config {
    available_memory                 = var.manifest.memory
    available_cpu                    = tostring(var.manifest.cpu)
    timeout_seconds                  = var.manifest.timeout_seconds
    max_instance_request_concurrency = var.manifest.concurrency
    min_instance_count               = var.manifest.min_instances
    max_instance_count               = coalesce(var.manifest.max_instances, var.manifest.trigger.type == "schedule" ? 2 : 20)
    service_account_email            = var.account.email
    ingress_settings                 = "ALLOW_ALL" # callers prove who they are; push and schedules are not "internal"
    all_traffic_on_latest_revision   = true
    # As many threads as requests at once, or they queue inside the instance.
    environment_variables = merge(
      { for key, value in var.environment : key => value if value != "" },
      { THREADS = tostring(var.manifest.concurrency) },
    )
    dynamic "secret_environment_variables" {
      for_each = var.secrets
      content {
        key        = secret_environment_variables.key
        project_id = var.project
        secret     = basename(secret_environment_variables.value.id)
        version    = secret_environment_variables.value.version
      }
    }
  }
  depends_on = [google_secret_manager_secret_iam_member.reads]
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  for_each = var.invokers
  name     = google_cloudfunctions2_function.this.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
