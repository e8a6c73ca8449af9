resource "google_project_service" "api" {
  for_each = toset([
    "artifactregistry", "bigquery", "billingbudgets", "cloudbuild", "cloudfunctions", "cloudresourcemanager",
    "cloudscheduler", "eventarc",
    "eventarcpublishing", "fcm", "firebasealerts", "firebasehosting", "firebaserules", "firestore", "iam", "iap", "identitytoolkit", "logging", "monitoring",
    "pubsub", "run",
    "secretmanager", "storage",
  ])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
