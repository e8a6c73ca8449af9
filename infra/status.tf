# The public status page: files in a bucket of their own that anybody may read, so that it stands while we do not.
resource "google_storage_bucket" "status" {
  name                        = "${var.project}-${local.prefix}-status"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "inherited" # the one bucket that is meant to be public
  force_destroy               = false
  website {
    main_page_suffix = "index.html"
  }
  depends_on = [google_project_service.api]
}

# Reading a file, not listing them (which objectViewer could). An organisation that restricts sharing to its domain has to except this bucket.
resource "google_storage_bucket_iam_member" "status_public" {
  bucket = google_storage_bucket.status.name
  role   = "roles/storage.legacyObjectReader"
  member = "allUsers"
}

resource "google_storage_bucket_iam_member" "status_writer" {
  for_each = toset(["publish_status", "publish_status_changes"])
  bucket   = google_storage_bucket.status.name
  role     = "roles/storage.objectUser"
  member   = google_service_account.function[each.key].member
}

locals {
  status_url = var.status_url == "" ? "https://storage.googleapis.com/${google_storage_bucket.status.name}" : var.status_url
}
