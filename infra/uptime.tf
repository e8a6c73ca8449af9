# Cloud Monitoring fetches the site and its API each minute; what it finds becomes a signal like any other.
resource "google_monitoring_notification_channel" "signals" {
  display_name = "Souk monitoring"
  type         = "pubsub"
  labels       = { topic = google_pubsub_topic.topic["monitoring-incidents"].id }
}

# The agent exists once the first channel does.
resource "google_pubsub_topic_iam_member" "monitoring" {
  topic      = google_pubsub_topic.topic["monitoring-incidents"].id
  role       = "roles/pubsub.publisher"
  member     = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"
  depends_on = [google_monitoring_notification_channel.signals]
}

resource "google_monitoring_uptime_check_config" "check" {
  for_each     = var.uptime_checks
  display_name = each.key
  period       = "60s"
  timeout      = "10s"
  http_check {
    path         = each.value.path
    port         = 443
    use_ssl      = true
    validate_ssl = true
    accepted_response_status_codes {
      status_class = "STATUS_CLASS_2XX"
    }
  }
  monitored_resource {
    type   = "uptime_url"
    labels = { host = each.value.host, project_id = var.project }
  }
  dynamic "content_matchers" {
    for_each = each.value.contains == null ? [] : [each.value.contains]
    content {
      content = content_matchers.value
    }
  }
}

resource "google_monitoring_alert_policy" "uptime" {
  for_each              = var.uptime_checks
  display_name          = "Uptime: ${each.key}"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.signals.id]
  conditions {
    display_name = "${each.key} does not answer"
    condition_threshold {
      filter          = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.check[each.key].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1 # from two places at least: one checker's bad line is no outage
      duration        = "60s"
      trigger {
        count = 1
      }
      aggregations {
        alignment_period     = "1200s" # how old a place's last answer may be: at 60s one that is late counts as none
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.project_id", "resource.label.host"]
      }
    }
  }
}
