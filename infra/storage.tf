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

# The archive of reports: a report can be neither replaced nor deleted for as long as reports.yaml keeps it, and goes then.
resource "google_storage_bucket" "reports" {
  name                        = "${var.project}-${local.prefix}-reports"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  retention_policy {
    retention_period = local.reports_kept_days * 86400
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = local.reports_kept_days
    }
  }
  depends_on = [google_project_service.api]
}

# The archives of log rotation: before anything expired is removed from the database it lies here, whole. Nothing can be
# replaced or deleted for seven years; what is hardly ever read becomes cheap to keep, and is read again by samples.
resource "google_storage_bucket" "archive" {
  name                        = "${var.project}-${local.prefix}-archive"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  retention_policy {
    retention_period = 220752000
  }
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
    condition {
      age = 30
    }
  }
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "COLDLINE"
    }
    condition {
      age = 120
    }
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 2556 # a day after the retention ends
    }
  }
  depends_on = [google_project_service.api]
}

locals {
  reports_kept_days = tonumber(trimsuffix(yamldecode(file("${path.module}/../shared/config/reports.yaml")).kept_for, "d"))
}
