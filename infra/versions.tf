# The whole installation: `terraform init -backend-config=bucket=PROJECT-soukmon-state`, then plan and apply with
# -var-file=env/staging.tfvars (or production) and -var-file=release.tfvars.json (which package of each function).
terraform {
  required_version = ">= 1.9.0, < 2.0.0"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50.0, < 8.0.0"
    }
  }
  backend "gcs" {
    prefix = "soukmon"
  }
}

provider "google" {
  project               = var.project
  region                = var.region
  billing_project       = var.project # budgets are asked for in the name of this project
  user_project_override = true
  default_labels        = { app = "soukmon", environment = var.environment }
}

data "google_project" "this" {}
