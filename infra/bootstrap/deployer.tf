# Who applies. It may grant rights, but only those that the installation grants: it cannot make anybody an owner.
resource "google_service_account" "deployer" {
  account_id   = "${local.prefix}-deployer"
  display_name = "Deploys the monitoring"
}

# Who plans for a pull request, that is: runs code that nobody has read yet. It reads, and changes nothing.
resource "google_service_account" "planner" {
  account_id   = "${local.prefix}-planner"
  display_name = "Tests and plans pull requests of the monitoring"
}

locals {
  deployer_roles = [
    "roles/artifactregistry.admin", "roles/bigquery.admin", "roles/cloudbuild.builds.editor",
    "roles/cloudfunctions.admin", "roles/cloudscheduler.admin", "roles/datastore.owner", "roles/eventarc.admin", "roles/iam.serviceAccountAdmin", "roles/iam.serviceAccountUser",
    "roles/logging.configWriter", "roles/logging.logWriter", "roles/monitoring.editor", "roles/pubsub.admin",
    "roles/run.admin", "roles/secretmanager.admin", "roles/serviceusage.serviceUsageAdmin", "roles/storage.admin",
  ]
  planner_roles = [
    "roles/browser", "roles/cloudfunctions.viewer", "roles/iam.securityReviewer", "roles/logging.logWriter",
    "roles/monitoring.viewer", "roles/serviceusage.serviceUsageConsumer",
  ]
  # The roles that the installation gives out on the project itself.
  granted_roles = [
    "roles/bigquery.jobUser", "roles/datastore.backupsViewer", "roles/datastore.user", "roles/eventarc.eventReceiver",
    "roles/firebasecloudmessaging.admin", "roles/logging.logWriter", "roles/logging.viewAccessor", "roles/monitoring.viewer",
    "roles/storage.objectViewer",
    "projects/${var.project}/roles/${replace("${local.prefix}_containment", "-", "_")}",
    "projects/${var.project}/roles/${replace("${local.prefix}_health", "-", "_")}",
    "projects/${var.project}/roles/${replace("${local.prefix}_review", "-", "_")}",
  ]
}

resource "google_project_iam_member" "deployer" {
  for_each = toset(local.deployer_roles)
  project  = var.project
  role     = each.key
  member   = google_service_account.deployer.member
}

resource "google_project_iam_member" "deployer_grants" {
  project = var.project
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.deployer.member
  condition {
    title      = "only-what-the-installation-grants"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in local.granted_roles : "'${role}'"])}])"
  }
}

resource "google_project_iam_member" "planner" {
  for_each = toset(local.planner_roles)
  project  = var.project
  role     = each.key
  member   = google_service_account.planner.member
}

# A plan is compared with the state, and the rules of a pull request with those that run.
resource "google_storage_bucket_iam_member" "planner_reads" {
  for_each = { state = google_storage_bucket.state.name, releases = google_storage_bucket.releases.name }
  bucket   = each.value
  role     = "roles/storage.objectViewer"
  member   = google_service_account.planner.member
}
