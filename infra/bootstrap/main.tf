# Once per project, by a person who may: where Terraform keeps its state and the packages, who deploys, and what starts
# a deployment. `terraform -chdir=infra/bootstrap init && terraform -chdir=infra/bootstrap apply -var project=...`; its
# own small state stays with that person (losing it costs an import, nothing else).
terraform {
  required_version = ">= 1.9.0, < 2.0.0"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50.0, < 8.0.0"
    }
  }
}

provider "google" {
  project        = var.project
  region         = var.region
  default_labels = { app = "soukmon", environment = var.environment }
}

locals {
  prefix = "soukmon"
}

resource "google_project_service" "api" {
  for_each           = toset(["cloudbuild", "cloudresourcemanager", "cloudscheduler", "iam", "serviceusage", "storage"])
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}

resource "google_storage_bucket" "state" {
  name                        = "${var.project}-${local.prefix}-state"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions = 50
    }
  }
}

# FUNCTION/SHA.zip and releases/: never deleted while it may be rolled back to, so no rule touches what is current.
resource "google_storage_bucket" "releases" {
  name                        = "${var.project}-${local.prefix}-releases"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 90
      with_state                 = "ARCHIVED"
    }
  }
}
