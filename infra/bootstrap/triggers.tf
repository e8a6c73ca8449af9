# What starts cloudbuild.yaml: a pull request is tested and planned, main goes to staging, a tag to production once
# somebody with the role Cloud Build Approver has said yes.
locals {
  pushes = {
    staging    = { branch = "^main$", tag = null, approval = false }
    production = { branch = null, tag = "^v[0-9]+[.][0-9]+[.][0-9]+$", approval = true }
  }
}

resource "google_cloudbuild_trigger" "pull_request" {
  count           = var.environment == "staging" ? 1 : 0
  name            = "${local.prefix}-pull-request"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.planner.id
  substitutions   = { _ENV = var.environment, _APPLY = "false" }
  github {
    owner = var.repository.owner
    name  = var.repository.name
    pull_request {
      branch          = "^main$"
      comment_control = "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"
    }
  }
  depends_on = [google_project_service.api]
}

resource "google_cloudbuild_trigger" "deploy" {
  name            = "${local.prefix}-${var.environment}"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = google_service_account.deployer.id
  substitutions   = { _ENV = var.environment, _APPLY = "true" }
  approval_config {
    approval_required = local.pushes[var.environment].approval
  }
  github {
    owner = var.repository.owner
    name  = var.repository.name
    push {
      branch = local.pushes[var.environment].branch
      tag    = local.pushes[var.environment].tag
    }
  }
  depends_on = [google_project_service.api]
}
