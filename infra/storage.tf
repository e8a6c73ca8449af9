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

# Our own backups: nobody, who writes them included, can replace or delete one within a month. The state's and the
# configuration's go after five weeks, the points' when the points themselves would have; copies of seals and reports stay.
resource "google_storage_bucket" "backups" {
  name                        = "${var.project}-${local.prefix}-backups"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  retention_policy {
    retention_period = 30 * 86400
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 35
      matches_prefix = ["state/", "manifests/state/", "configuration/", "manifests/configuration/"]
    }
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 400
      matches_prefix = ["points/", "manifests/points/"]
    }
  }
  depends_on = [google_project_service.api]
}

# What is backed up from other buckets is read there, and held against the record when a backup is restored; and so are
# the buckets and datasets with the backups of others, as backups.yaml names them.
resource "google_storage_bucket_iam_member" "backed_up" {
  for_each = merge(
    { seals = google_storage_bucket.seals.name, reports = google_storage_bucket.reports.name },
    { for name in local.watched_buckets : name => name },
  )
  bucket = each.value
  role   = "roles/storage.objectViewer"
  member = google_service_account.function["verify_backups"].member
}

resource "google_bigquery_dataset_iam_member" "watched" {
  for_each   = toset([for one in local.watched : one.where if one.source == "bigquery_snapshot"])
  dataset_id = each.value
  role       = "roles/bigquery.metadataViewer"
  member     = google_service_account.function["verify_backups"].member
}

locals {
  watched = values(yamldecode(file("${path.module}/../shared/config/backups.yaml")).watched)
  watched_buckets = toset(concat(
    [for one in local.watched : one.where if contains(["bucket_copy", "firestore_export"], one.source)],
    [for one in local.watched : one.of if one.source == "bucket_copy"],
  ))
  reports_kept_days = tonumber(trimsuffix(yamldecode(file("${path.module}/../shared/config/reports.yaml")).kept_for, "d"))
}
