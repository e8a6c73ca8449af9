resource "google_project_service" "api" {
  for_each = toset([
    "artifactregistry", "bigquery", "billingbudgets", "cloudbuild", "cloudfunctions", "cloudscheduler", "eventarc",
    "eventarcpublishing", "fcm", "firebasealerts", "firestore", "iam", "iap", "identitytoolkit", "logging", "monitoring",
    "pubsub", "run",
    "secretmanager", "storage",
  ])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
