resource "google_storage_bucket" "objects" {
  name                        = "${var.project}-${local.prefix}-objects"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 400
    }
  }
  depends_on = [google_project_service.api]
}

# The seals of the record. A retention policy holds for a whole bucket, never for a part of one, so they have their own:
# nothing in it can be overwritten or deleted for seven years, not even by an owner of the project, unless the policy is
# taken away first, which the audit log of the project tells. Locked (for good) only where the environment says so.
resource "google_storage_bucket" "seals" {
  name                        = "${var.project}-${local.prefix}-seals"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  retention_policy {
    retention_period = 220752000
    is_locked        = var.seals_are_locked
  }
  depends_on = [google_project_service.api]
}
