resource "google_cloud_scheduler_job" "job" {
  for_each         = local.scheduled
  name             = local.slugs[each.key]
  description      = each.value.description
  region           = var.region
  schedule         = each.value.trigger.cron
  time_zone        = each.value.trigger.timezone
  attempt_deadline = "${min(1800, each.value.timeout_seconds + 20)}s"
  retry_config {
    retry_count          = 3 # a run that comes twice does no harm, one that is missing might
    min_backoff_duration = "5s"
    max_backoff_duration = "60s"
  }
  http_target {
    http_method = "POST"
    uri         = local.urls[each.key]
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")
    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = local.urls[each.key]
    }
  }
  depends_on = [module.function]
}
