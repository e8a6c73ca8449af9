# Every night: was anything changed by hand? It is told as a low alert, and when it is over. Drift that was told is no
# failed build; a look that could not be taken is one.
resource "google_cloudbuild_trigger" "drift" {
  name            = "${local.prefix}-drift"
  location        = var.region
  service_account = google_service_account.deployer.id
  source_to_build {
    uri       = "https://github.com/${var.repository.owner}/${var.repository.name}"
    ref       = "refs/heads/main"
    repo_type = "GITHUB"
  }
  build {
    timeout = "1200s"
    options {
      logging = "CLOUD_LOGGING_ONLY"
    }
    step {
      name   = "hashicorp/terraform:1.11.4"
      script = "mkdir -p build/tools && cp \"$(command -v terraform)\" build/tools/"
    }
    step {
      name   = "python:3.12-slim"
      script = <<-EOT
        set -eu
        export PATH="$PWD/build/tools:$PATH"
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends make
        make setup
        .venv/bin/soukmon deploy drift --env ${var.environment} --alert || test "$?" -eq 1
      EOT
    }
  }
  depends_on = [google_project_service.api]
}

resource "google_cloud_scheduler_job" "drift" {
  name        = "${local.prefix}-drift"
  description = "Starts the nightly look at what was changed by hand"
  region      = var.region
  schedule    = "30 4 * * *"
  time_zone   = "Africa/Cairo"
  http_target {
    http_method = "POST"
    uri         = "https://cloudbuild.googleapis.com/v1/${google_cloudbuild_trigger.drift.id}:run"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")
    oauth_token {
      service_account_email = google_service_account.deployer.email
    }
  }
  depends_on = [google_project_service.api]
}
