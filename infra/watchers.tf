# The watcher of the watcher: Cloud Monitoring tells people itself, by e-mail (and SMS), when our own functions fail.
# Nothing here passes through a function of ours.
resource "google_monitoring_notification_channel" "watcher_email" {
  display_name = "Watcher of the monitoring"
  type         = "email"
  labels       = { email_address = var.watcher_email }
  depends_on   = [google_project_service.api]
}

resource "google_monitoring_notification_channel" "watcher_sms" {
  count        = var.watcher_phone == null ? 0 : 1
  display_name = "Watcher of the monitoring"
  type         = "sms"
  labels       = { number = var.watcher_phone }
  depends_on   = [google_project_service.api]
}

locals {
  watchers = concat(
    [google_monitoring_notification_channel.watcher_email.id],
    google_monitoring_notification_channel.watcher_sms[*].id,
  )
  requests = "resource.type=\"cloud_run_revision\" AND metric.type=\"run.googleapis.com/request_count\""
  # A tick that answers 2xx is a heartbeat. Those that come in each hour of each day are missed after ten minutes, or an
  # hour. What comes in some hours alone (the game day's */10 10 * * 1) is silent for the rest of the week, and should be.
  heartbeats = {
    for name, manifest in local.scheduled : name => startswith(manifest.trigger.cron, "* ") ? 600 : 3600
    if can(regex("^[*]\\S* [*] [*] [*] [*]$", manifest.trigger.cron))
  }
}

resource "google_monitoring_alert_policy" "heartbeat" {
  for_each              = local.heartbeats
  display_name          = "Souk monitoring is silent: ${each.key}"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.watchers
  conditions {
    display_name = "No successful run of ${each.key} for ${each.value / 60} minutes"
    condition_absent {
      filter   = "${local.requests} AND resource.labels.service_name=\"${local.slugs[each.key]}\" AND metric.labels.response_code_class=\"2xx\""
      duration = "${each.value}s"
      trigger {
        count = 1
      }
      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
  documentation {
    content = "Alerts may be late or missing. Look at the function's log and at its Cloud Scheduler job; until it runs, watch the site by hand."
  }
}

resource "google_monitoring_alert_policy" "failing" {
  display_name          = "Souk monitoring answers with errors"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.watchers
  conditions {
    display_name = "More than 5 answers 5xx in 5 minutes"
    condition_threshold {
      filter          = "${local.requests} AND resource.labels.service_name=starts_with(\"${local.prefix}-\") AND metric.labels.response_code_class=\"5xx\""
      comparison      = "COMPARISON_GT"
      threshold_value = 5 # one failure is retried; several are trouble
      duration        = "0s"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }
  documentation {
    content = "A function of the monitoring fails. Deliveries are retried for hours; look at its log."
  }
}

resource "google_monitoring_alert_policy" "dead_letters" {
  display_name          = "Souk monitoring gave up on a message"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.watchers
  conditions {
    display_name = "A message lies in the dead letters"
    condition_threshold {
      filter          = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"${google_pubsub_subscription.dead_letters.name}\" AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }
  documentation {
    content = "An alert may not have reached anybody. Read it with `gcloud pubsub subscriptions pull ${google_pubsub_subscription.dead_letters.name}` and publish it again to its topic."
  }
}

resource "google_monitoring_alert_policy" "backlog" {
  display_name          = "Souk monitoring does not keep up"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.watchers
  conditions {
    display_name = "A message waits for more than 10 minutes"
    condition_threshold {
      filter          = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=starts_with(\"${local.prefix}-\") AND resource.labels.subscription_id!=\"${google_pubsub_subscription.dead_letters.name}\" AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      comparison      = "COMPARISON_GT"
      threshold_value = 600
      duration        = "60s"
      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }
  documentation {
    content = "Signals or notifications are not delivered. Look at the function that reads the subscription."
  }
}

resource "google_monitoring_alert_policy" "last_resort" {
  display_name          = "Souk monitoring could not reach anybody"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.watchers
  conditions {
    display_name = "A critical line of our own"
    condition_matched_log {
      filter = "severity>=CRITICAL AND jsonPayload.origin=\"${local.prefix}\""
    }
  }
  alert_strategy {
    notification_rate_limit {
      period = "300s"
    }
    auto_close = "3600s"
  }
  documentation {
    content = "No channel reached anybody, or the audit found a missing step: call whoever is on duty (`soukmon oncall`) by telephone."
  }
}

resource "google_monitoring_alert_policy" "sinks" {
  display_name          = "Souk monitoring's log sinks lose entries"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.watchers
  conditions {
    display_name = "A log sink cannot write"
    condition_threshold {
      filter          = "resource.type=\"logging_sink\" AND resource.labels.name=starts_with(\"${local.prefix}-\") AND metric.type=\"logging.googleapis.com/exports/error_count\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_DELTA"
      }
    }
  }
  documentation {
    content = "Errors or requests of the marketplace are not seen. Check that the sink's writer may still write to its destination."
  }
}
